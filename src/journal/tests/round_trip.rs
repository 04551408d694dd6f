//! Whatever a change holds comes back as it was.

use proptest::prelude::*;

use super::*;

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".*".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::hash_map(".*", inner, 0..3).prop_map(|members| members.into_iter().collect()),
        ]
    })
}

fn any_intent() -> impl Strategy<Value = Intent> {
    let touched = prop::collection::vec((".*", value(), value()), 0..3);
    let at = (-1_000_000_000_000_000_i64..4_000_000_000_000_000).prop_map(|time| jiff::Timestamp::from_microsecond(time).unwrap());
    (".*", prop::option::of(".*"), value(), touched, any::<u128>(), at).prop_map(|(label, object, arguments, touched, id, at)| Intent {
        object,
        arguments,
        touched,
        request_id: Uuid::from_u128(id),
        at,
        ..intent(&label)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn of_any_change(intents in prop::collection::vec(any_intent(), 1..4), reply in value(), warnings in prop::collection::vec(".*", 0..3)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let log = Journal::in_memory().begin(&new_run("x")).unwrap();
        let outcome = Outcome::Done { reply: reply.clone(), warnings: warnings.clone(), at: at(9) };

        let ids = runtime.block_on(log.intend(intents.clone(), false)).unwrap();
        runtime.block_on(log.outcomes(vec![(ids[0], outcome)])).unwrap();

        let changes = log.journal().changes(log.id()).unwrap();
        let read: Vec<_> = changes.iter().map(|change| change.intent.clone()).collect();
        prop_assert_eq!(read, intents);
        prop_assert_eq!((&changes[0].reply, &changes[0].warnings), (&reply, &warnings));
    }
}
