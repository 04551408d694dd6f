//! Files: rows in and out, within reach of the run. Under `--what-if` nothing is written here either.

use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use rhai::Array;
use rhai::Dynamic;
use rhai::Engine;
use rhai::ImmutableString;
use rhai::NativeCallContext;

use super::describe;
use super::object::Object;
use crate::files::FileError;
use crate::files::clixml;
use crate::files::csv;
use crate::files::json;
use crate::files::rows;
use crate::files::write_atomically;
use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;
use crate::script::host::Host;
use crate::script::thrown::At;
use crate::script::thrown::Fallible;
use crate::script::thrown::invalid;
use crate::script::value::from_json;

pub(super) fn register(engine: &mut Engine, host: &Arc<Host>) {
    readers(engine, host);
    writers(engine, host);
    let h = host.clone();
    describe(
        "file_exists",
        &["path: string", "bool"],
        "Whether there is such a file within reach.",
    )
    .register_into_engine(engine, move |path: ImmutableString| {
        h.jail.path(&path).is_ok_and(|path| path.exists())
    });
    let h = host.clone();
    describe(
        "writable",
        &["path: string"],
        "Fails when a file of that name could not be written, so that a script can say so before it changes anything.",
    )
    .register_into_engine(engine, move |ctx: NativeCallContext, path: ImmutableString| {
        check_writable(&h, &path).at(&ctx)
    });
    let h = host.clone();
    describe("to_csv", &["rows: array", "string"], "Rows as CSV text.")
        .register_into_engine(engine, move |ctx: NativeCallContext, rows: Dynamic| {
            to_csv(&h, &rows).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).at(&ctx)
        });
    let h = host.clone();
    describe(
        "csv_bytes",
        &["rows: array", "blob"],
        "Rows as the bytes of a CSV file, as a migration batch takes them.",
    )
    .register_into_engine(engine, move |ctx: NativeCallContext, rows: Dynamic| to_csv(&h, &rows).at(&ctx));
}

/// Says beforehand what would stop a file from being written at the end, when everything else has been done.
fn check_writable(host: &Host, path: &str) -> Result<(), Trouble> {
    let file = reach(host, path)?;
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let stop = |why: &str, remedy: &str| Err(Trouble::new(Kind::Invalid, format!("could not write `{path}`: {why}")).with_remedy(remedy));
    match (folder.metadata(), file.metadata()) {
        (Err(_), _) => stop("its folder does not exist", "make the folder, or choose another file"),
        (_, Ok(there)) if there.is_dir() => stop("it is a folder", "choose another name"),
        (Ok(folder), _) if folder.permissions().readonly() => stop("its folder is read-only", "choose another folder"),
        _ => Ok(()),
    }
}

fn readers(engine: &mut Engine, host: &Arc<Host>) {
    type Read = fn(&Path) -> Result<Vec<Record>, FileError>;
    let kinds: [(&str, Read, &str); 3] = [
        ("read_csv", |path| csv::read(path)?.collect(), "The rows of a CSV file"),
        (
            "read_clixml",
            clixml::read,
            "The objects of a file that PowerShell's `Export-Clixml` wrote",
        ),
        (
            "read_rows",
            |path| rows::read(path)?.collect(),
            "The rows of a CSV, CLIXML or JSON file by its ending, or of a file with one alias a line",
        ),
    ];
    for (name, read, help) in kinds {
        let h = host.clone();
        describe(name, &["path: string", "array"], &format!("{help}.")).register_into_engine(
            engine,
            move |ctx: NativeCallContext, path: ImmutableString| -> Fallible<Array> {
                let records = reach(&h, &path)
                    .and_then(|file| read(&file).map_err(|error| named(error.into(), &file, &path)))
                    .at(&ctx)?;
                Ok(objects(records))
            },
        );
        let h = host.clone();
        describe(
            name,
            &["path: string", "columns: array", "array"],
            &format!("{help}; fails when one of the columns is not there."),
        )
        .register_into_engine(
            engine,
            move |ctx: NativeCallContext, path: ImmutableString, columns: Array| -> Fallible<Array> {
                let records = reach(&h, &path)
                    .and_then(|file| read(&file).map_err(|error| named(error.into(), &file, &path)))
                    .at(&ctx)?;
                require_columns(&records, &columns, &path).at(&ctx)?;
                Ok(objects(records))
            },
        );
    }
    let h = host.clone();
    describe("read_json", &["path: string", "any"], "The value in a JSON file.").register_into_engine(
        engine,
        move |ctx: NativeCallContext, path: ImmutableString| -> Fallible<Dynamic> {
            let value = reach(&h, &path).and_then(|file| json::read(&file).map_err(|error| named(error.into(), &file, &path)));
            Ok(from_json(&value.at(&ctx)?))
        },
    );
    let h = host.clone();
    describe(
        "read_lines",
        &["path: string", "array"],
        "The lines of a text file, without blank lines and comments (`#`).",
    )
    .register_into_engine(engine, move |ctx: NativeCallContext, path: ImmutableString| -> Fallible<Array> {
        let lines = reach(&h, &path).and_then(|file| rows::lines(&file).map_err(|error| named(error.into(), &file, &path)));
        Ok(lines.at(&ctx)?.into_iter().map(Dynamic::from).collect())
    });
}

fn writers(engine: &mut Engine, host: &Arc<Host>) {
    type Write = fn(&Path, &[Record]) -> Result<(), FileError>;
    let kinds: [(&str, Write, &str); 3] = [
        ("write_csv", csv::write, "Writes rows as CSV."),
        (
            "write_clixml",
            clixml::write,
            "Writes rows so that PowerShell's `Import-Clixml` reads them.",
        ),
        (
            "write_rows",
            rows::write,
            "Writes rows as CSV, CLIXML or JSON by the ending of the file.",
        ),
    ];
    for (name, write, help) in kinds {
        let h = host.clone();
        describe(name, &["path: string", "rows: array"], help).register_into_engine(
            engine,
            move |ctx: NativeCallContext, path: ImmutableString, rows: Dynamic| -> Fallible<()> {
                let records = h.to_records(&rows).at(&ctx)?;
                put(&h, &path, &format!("{} rows", records.len()), |file| write(file, &records)).at(&ctx)
            },
        );
    }
    let h = host.clone();
    describe(
        "write_json",
        &["path: string", "value: any"],
        "Writes a value as JSON; secrets stay hidden.",
    )
    .register_into_engine(
        engine,
        move |ctx: NativeCallContext, path: ImmutableString, value: Dynamic| -> Fallible<()> {
            let value = h.to_json(&value).at(&ctx)?;
            put(&h, &path, "a value", |file| json::write(file, &value)).at(&ctx)
        },
    );
    let h = host.clone();
    describe("write_text", &["path: string", "text: string"], "Writes a text.").register_into_engine(
        engine,
        move |ctx: NativeCallContext, path: ImmutableString, text: ImmutableString| -> Fallible<()> {
            put(&h, &path, "a text", |file| write_atomically(file, text.as_bytes())).at(&ctx)
        },
    );
}

fn reach(host: &Host, path: &str) -> Result<PathBuf, Trouble> {
    host.jail.path(path)
}

fn put(host: &Host, path: &str, what: &str, write: impl FnOnce(&Path) -> Result<(), FileError>) -> Result<(), Trouble> {
    let file = reach(host, path)?;
    if host.is_what_if() {
        host.console.note(&format!("would write {what} to {path}"));
        return Ok(());
    }
    write(&file).map_err(|error| named(error.into(), &file, path))
}

/// The reader knows the file by the name that was given, not by its real path.
fn named(mut trouble: Trouble, file: &Path, given: &str) -> Trouble {
    trouble.message = trouble.message.replace(&file.display().to_string(), given);
    trouble
}

fn objects(records: Vec<Record>) -> Array {
    records.into_iter().map(|record| Dynamic::from(Object::row(record))).collect()
}

fn require_columns(records: &[Record], columns: &[Dynamic], path: &str) -> Result<(), Trouble> {
    let wanted = columns.iter().map(ToString::to_string);
    let missing: Vec<String> = wanted
        .filter(|column| !records.iter().all(|record| record.has(column)))
        .map(|column| format!("`{column}`"))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let present: Vec<&str> = records.first().map(|record| record.names().collect()).unwrap_or_default();
    Err(
        Trouble::new(Kind::Invalid, format!("{path}:1: the column {} is missing", missing.join(", ")))
            .with_code("MissingColumn")
            .with_remedy(format!("its columns are {}", present.join(", "))),
    )
}

fn to_csv(host: &Host, rows: &Dynamic) -> Result<Vec<u8>, Trouble> {
    csv::to_bytes(&host.to_records(rows)?).map_err(|error| invalid(error.to_string()))
}
