//! What goes over the wire to Azure: a tour of all that the program can ask, and what strangers may ask.

use std::sync::OnceLock;

use super::stranger::Stranger;
use crate::common::Recorded;
use crate::common::Recorder;
use crate::common::Site;

/// The script that asks for everything.
pub const TOUR: &str = include_str!("tour.rhai");

/// What the program itself asked on its tour; the same for all tests.
pub fn of_the_program() -> &'static [Recorded] {
    &recording().0
}

/// What else a client may ask of the sandbox, and what it refuses.
pub fn of_strangers() -> &'static [Recorded] {
    &recording().1
}

fn recording() -> &'static (Vec<Recorded>, Vec<Recorded>) {
    static RECORDING: OnceLock<(Vec<Recorded>, Vec<Recorded>)> = OnceLock::new();
    RECORDING.get_or_init(|| {
        let site = Site::new();
        let recorder = Recorder::start(&site);
        let nils = site.northwind();
        nils.write("tour.rhai", TOUR);
        nils.runs(&["run", "tour.rhai", "--tenant", "northwind"]).succeeds();
        let own = recorder.seen();
        Stranger::new(&recorder).visits();
        let strange = recorder.seen().split_off(own.len());
        (own, strange)
    })
}
