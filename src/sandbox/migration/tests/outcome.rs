//! What a spoiled user looks like, and that it can be mended.

use serde_json::json;

use super::lab::Lab;
use super::lab::lab;

/// Spoils one thing, moves Lara, and expects this type and this part of the text; then mends it and expects her to be synced.
pub fn fails(exception: &str, text: &str, spoil: impl FnOnce(&Lab<'_>, &str), mend: impl FnOnce(&Lab<'_>, &str)) {
    lab(|lab| {
        let lara = lab.prepare("LaraN");
        spoil(lab, &lara);
        lab.submit("wave-01", &[&lara], json!({}));
        lab.hours(5);
        expect(lab, &lara, "Failed", exception, text);
        assert_eq!(lab.batch("wave-01")["Status"], "SyncedWithErrors");
        assert_eq!(lab.batch("wave-01")["FailedCount"], 1);

        mend(lab, &lara);
        lab.run("Start-MigrationBatch", json!({"Identity": "wave-01"}))
            .expect("a new start");
        lab.hours(5);
        let user = lab.user(&lara);
        assert_eq!(user["Status"], "Synced", "{}", user["Error"]);
        assert_eq!(user["ErrorSummary"], "");
    });
}

pub fn expect(lab: &Lab<'_>, address: &str, status: &str, exception: &str, text: &str) {
    let user = lab.user(address);
    assert_eq!(
        (&user["Status"], &user["ErrorType"]),
        (&json!(status), &json!(exception)),
        "{}",
        user["Error"]
    );
    let summary = user["ErrorSummary"].as_str().unwrap_or_default();
    assert!(summary.starts_with(exception) && summary.contains(text), "{summary}");
}
