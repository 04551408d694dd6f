//! What is inside the binary: the bundled scripts and the modules that scripts import as `std/NAME`.

include!(concat!(env!("OUT_DIR"), "/bundled.rs"));

/// The bundled scripts: name and text.
pub fn bundled() -> &'static [(&'static str, &'static str)] {
    SCRIPTS
}

/// The modules of the standard library: name without `std/`, and text.
pub fn modules() -> &'static [(&'static str, &'static str)] {
    MODULES
}
