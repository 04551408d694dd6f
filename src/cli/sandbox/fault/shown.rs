//! How faults are shown.

use std::time::Duration;

use serde_json::Value;
use serde_json::json;

use crate::model::Record;
use crate::sandbox::Cut;
use crate::sandbox::Effect;
use crate::sandbox::FaultSpec;
use crate::sandbox::InjectedFault;

/// A row for each fault.
pub fn rows(faults: &[InjectedFault]) -> Vec<Record> {
    let row = |fault: &InjectedFault| {
        Record::default()
            .with("id", fault.id)
            .with("fault", sentence(&fault.spec))
            .with("calls", fault.matched)
            .with("happened", fault.fired)
            .with("refused meanwhile", fault.refused_meanwhile)
            .with("too early", fault.too_early)
    };
    faults.iter().map(row).collect()
}

/// A row for each throttled client that came back too early.
pub fn early(faults: &[InjectedFault]) -> Vec<Record> {
    let all = faults
        .iter()
        .flat_map(|fault| fault.early.iter().map(move |early| (fault.id, early)));
    let row = |(id, early): (u64, &crate::sandbox::EarlyReturn)| {
        Record::default()
            .with("fault", id)
            .with("at", early.at.to_string())
            .with("by", format!("{} s", early.seconds))
            .with("tenant", early.tenant.as_str())
            .with("client", early.client.as_str())
            .with("operation", early.operation.as_str())
    };
    all.map(row).collect()
}

/// A fault in one line: `exchange Get-Mailbox in contoso: throttled for 30 s, 2 times`.
pub fn sentence(spec: &FaultSpec) -> String {
    let mut text = spec.service.name().to_owned();
    if let Some(operation) = &spec.operation {
        text.push_str(&format!(" {operation}"));
    }
    if let Some(object) = &spec.object {
        text.push_str(&format!(" of {object}"));
    }
    if let Some(tenant) = &spec.tenant {
        text.push_str(&format!(" in {tenant}"));
    }
    text.push_str(&format!(": {}", effect(&spec.effect)));
    if let Some(likely) = spec.probability {
        text.push_str(&format!(", probability {likely} with seed {}", spec.seed));
    }
    match spec.count {
        Some(1) => text.push_str(", once"),
        Some(count) => text.push_str(&format!(", {count} times")),
        None => {}
    }
    if spec.skip > 0 {
        text.push_str(&format!(", after {} calls", spec.skip));
    }
    text
}

fn effect(effect: &Effect) -> String {
    let wait = |wait: &Option<Duration>| wait.map(|wait| format!(" for {} s", wait.as_secs_f64())).unwrap_or_default();
    match effect {
        Effect::Throttle { retry_after } => format!("throttled{}", wait(retry_after)),
        Effect::Unavailable { retry_after } => format!("unavailable{}", wait(retry_after)),
        Effect::Cut { when: Cut::Before } => "cut before the work".to_owned(),
        Effect::Cut { when: Cut::After } => "cut after the work".to_owned(),
        Effect::Slow { delay, per_item: true } => format!("slow by {} s for each item", delay.as_secs_f64()),
        Effect::Slow { delay, per_item: false } => format!("slow by {} s", delay.as_secs_f64()),
        Effect::ExpiredToken => "token expired".to_owned(),
        Effect::ClaimsChallenge => "claims challenge".to_owned(),
        Effect::PageExpired => "page expired".to_owned(),
        Effect::Error { status, code, .. } => format!("error {status} {code}"),
    }
}

/// A fault for programs, with times in seconds.
pub fn json(fault: &InjectedFault) -> Value {
    let spec = &fault.spec;
    let seconds = |wait: &Option<Duration>| wait.map(|wait| wait.as_secs_f64());
    let effect = match &spec.effect {
        Effect::Throttle { retry_after } => json!({"kind": "throttle", "retry_after": seconds(retry_after)}),
        Effect::Unavailable { retry_after } => json!({"kind": "unavailable", "retry_after": seconds(retry_after)}),
        Effect::Slow { delay, per_item } => json!({"kind": "slow", "delay": delay.as_secs_f64(), "per_item": per_item}),
        other => json!(other),
    };
    json!({
        "id": fault.id,
        "service": spec.service.name(),
        "tenant": spec.tenant,
        "operation": spec.operation,
        "object": spec.object,
        "count": spec.count,
        "skip": spec.skip,
        "probability": spec.probability,
        "seed": spec.seed,
        "effect": effect,
        "matched": fault.matched,
        "fired": fault.fired,
        "refused_meanwhile": fault.refused_meanwhile,
        "too_early": fault.too_early,
        "early": fault.early,
    })
}
