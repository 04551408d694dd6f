//! Tables for people: columns aligned, no boxes, so that they can be copied into a mail or read by `awk`.

use comfy_table::ColumnConstraint;
use comfy_table::ContentArrangement;
use comfy_table::LineStyle;
use comfy_table::Table;
use comfy_table::TableStyle;
use comfy_table::Width;

use crate::model::Record;
use crate::output::shown;

/// More columns than this do not fit next to each other; the rows are then shown one below the other.
const MOST_COLUMNS: usize = 9;

/// The rows as a table with the union of their properties as columns, `width` columns wide at most.
pub fn table(rows: &[Record], width: u16) -> String {
    let mut columns: Vec<&str> = Vec::new();
    for row in rows {
        for name in row.names() {
            if !columns.contains(&name) {
                columns.push(name);
            }
        }
    }
    if columns.len() > MOST_COLUMNS {
        let blocks: Vec<_> = rows.iter().map(properties).collect();
        return blocks.join("\n\n");
    }
    let cells = rows.iter().map(|row| {
        let cell = |name: &&str| row.get(name).map(shown).unwrap_or_default();
        columns.iter().map(cell).collect()
    });
    grid(Some(columns.iter().map(|name| (*name).to_owned()).collect()), cells, Some(width))
}

/// One object: a line for each property that is set. Values are never wrapped, so that a link or an id can be copied.
pub fn properties(record: &Record) -> String {
    grid(None, lines(record), None)
}

/// One object to be read rather than copied from: as [`properties`], with values wrapped so that it is `width` columns wide at most.
pub fn sheet(record: &Record, width: u16) -> String {
    grid(None, lines(record), Some(width))
}

fn lines(record: &Record) -> impl Iterator<Item = Vec<String>> {
    let rows = record.iter().map(|(name, value)| vec![name.to_owned(), shown(value)]);
    rows.filter(|row| !row[1].is_empty())
}

fn grid(header: Option<Vec<String>>, rows: impl Iterator<Item = Vec<String>>, width: Option<u16>) -> String {
    let mut table = Table::new();
    let rule = LineStyle::none().fill('─').junction('─');
    table.load_style(TableStyle::new().header_separator(rule));
    match width {
        Some(width) => table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width),
        None => table.set_content_arrangement(ContentArrangement::Disabled),
    };
    if let Some(header) = header {
        table.set_header(header);
    }
    table.add_rows(rows);
    for column in table.column_iter_mut() {
        column.set_padding((0, 1));
    }
    // The first column names the row; a name that is broken in two cannot be searched for.
    let longest = table.column_max_content_widths().first().copied().unwrap_or_default();
    if let (Some(width), Some(names)) = (width, table.column_mut(0))
        && longest <= width / 2
    {
        names.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(longest + 1)));
    }
    table.trim_fmt()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use serde_json::json;

    use super::*;

    fn record(value: Value) -> Record {
        value.as_object().cloned().expect("an object").into()
    }

    #[test]
    fn rows_with_different_properties_share_one_table() {
        let rows = [
            record(json!({"user": "LaraN", "state": "ok"})),
            record(json!({"user": "Bo", "remedy": "grant the licence"})),
        ];

        let seen = table(&rows, 80);

        insta::assert_snapshot!(seen, @r"
        user   state  remedy
        ────────────────────────────────
        LaraN  ok
        Bo            grant the licence
        ");
    }

    #[test]
    fn a_long_cell_is_wrapped_and_never_cut() {
        let address = "X500:/o=First Organization/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn=d11ec1a2-Lara";

        let seen = table(&[record(json!({"user": "LaraN", "address": address}))], 60);

        assert!(seen.lines().all(|line| line.chars().count() <= 60), "{seen}");
        assert!(seen.contains("d11ec1a2-Lara"), "{seen}");
    }

    #[test]
    fn the_value_of_a_property_is_never_wrapped() {
        let link = format!(
            "https://login.microsoftonline.com/contoso.com/adminconsent?client_id={}",
            "0".repeat(36)
        );

        let seen = properties(&record(json!({"state": "waiting", "consent_link": link, "nothing": null})));

        assert_eq!(seen, format!("state         waiting\nconsent_link  {link}"));
    }
}
