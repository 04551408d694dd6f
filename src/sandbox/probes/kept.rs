//! Requests that broke something once.

use serde_json::json;

use super::sample;
use super::stage::Stage;
use super::verdict::Judge;

#[test]
fn a_cmdlet_s_name_that_is_none_neither_breaks_a_header_nor_tells_the_log_a_secret() {
    let stage = Stage::new();
    let mut judge = Judge::of(&stage);
    for name in ["\0", "\r\nx-y: z", "ᑧỞ\u{c}", "c4nary", "eyJ0eXAi", &"a".repeat(50_000)] {
        let request = sample::invocation(&stage, name, &json!({})).request;

        assert_eq!(judge.complaint(&stage, &request), None, "{name:?}");
        let lines = stage.desk().world.store.transaction(|tx| tx.requests(None, Some(1))).unwrap();
        assert!(lines[0].line.ends_with(" ?"), "{}", lines[0].line);
    }
}

#[test]
fn a_page_beyond_all_numbers_is_empty() {
    let stage = Stage::new();
    let mut judge = Judge::of(&stage);
    for samples in [sample::arm(&stage), sample::vault(&stage), sample::graph(&stage)] {
        for mut sample in samples.into_iter().filter(|sample| sample.request.method == "GET") {
            sample.request.query.retain(|(name, _)| name != "$skiptoken");
            sample.request.query.push(("$skiptoken".into(), usize::MAX.to_string()));

            assert_eq!(judge.complaint(&stage, &sample.request), None, "{}", sample.name);
        }
    }
}
