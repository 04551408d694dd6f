//! The terminal, if there is one.

/// Columns to draw in when the output goes to a file or a pipe, so that the same run gives the same bytes everywhere.
const WIDTH_WITHOUT_TERMINAL: u16 = 120;

/// The width of the terminal behind standard output, or 120 columns.
pub fn width() -> u16 {
    terminal_size::terminal_size_of(std::io::stdout()).map_or(WIDTH_WITHOUT_TERMINAL, |(width, _)| width.0.max(40))
}
