//! `Bar`: how far long work has come, with rate and time left. Invisible when standard error is no terminal.

use std::time::Duration;

use indicatif::MultiProgress;
use indicatif::ProgressBar;
use indicatif::ProgressStyle;

/// One bar or spinner; it disappears when it is dropped.
pub struct Bar(ProgressBar);

impl Bar {
    pub(super) fn start(bars: &MultiProgress, title: &str, total: Option<u64>) -> Self {
        let (bar, template) = match total {
            Some(total) => (
                ProgressBar::new(total),
                "{prefix} {bar:30} {human_pos}/{human_len}  {per_sec}  {eta} left  {msg}",
            ),
            None => (ProgressBar::new_spinner(), "{spinner} {prefix}  {human_pos}  {elapsed}  {msg}"),
        };
        let style = ProgressStyle::with_template(template).expect("the templates are constants");
        let bar = bars.add(bar.with_style(style).with_prefix(title.to_owned()));
        bar.enable_steady_tick(Duration::from_millis(200));
        Self(bar)
    }

    /// One more is done, or several.
    pub fn advance(&self, by: u64) {
        self.0.inc(by);
    }

    /// Says what is being done.
    pub fn say(&self, text: &str) {
        self.0.set_message(text.to_owned());
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
