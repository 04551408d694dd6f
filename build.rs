//! Lists the bundled scripts and modules, so that adding one is adding a file to `scripts/` or `stdlib/`.

use std::env;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo names the package's folder"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo names the output folder"));
    let mut code = String::new();
    for (constant, folder) in [("SCRIPTS", "scripts"), ("MODULES", "stdlib")] {
        println!("cargo::rerun-if-changed={folder}");
        writeln!(code, "const {constant}: &[(&str, &str)] = &[").expect("writing to a string");
        for (name, path) in rhai_files(&root.join(folder)) {
            writeln!(code, "    ({name:?}, include_str!({path:?})),").expect("writing to a string");
        }
        code.push_str("];\n");
    }
    fs::write(out.join("bundled.rs"), code).expect("the output folder is writable");
}

/// Name without ending and path of each `.rhai` file in `folder`, by name.
fn rhai_files(folder: &Path) -> Vec<(String, PathBuf)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut files: Vec<_> = entries
        .filter(|path| path.extension().is_some_and(|ending| ending == "rhai"))
        .filter_map(|path| Some((path.file_stem()?.to_str()?.to_owned(), path)))
        .collect();
    files.sort();
    files
}
