//! Requests that are almost right, made from right ones by a seed.

use serde_json::Value;
use serde_json::json;

use super::sample::Sample;
use super::stage::Stage;
use crate::sandbox::Request;

/// What is only ever put where the log may not look.
pub const CANARY: &str = "c4nary";

const TEXTS: &[&str] = &[
    "",
    " ",
    "\0",
    "é𝕏",
    "\u{202e}x",
    "\u{fffd}",
    "'",
    "';--",
    "<script>x</script>",
    "../..",
    "%",
    "%ZZ%",
    "\r\nx-y: z",
    "99999999999999999999999",
    "-1",
    "0",
    "18446744073709551615",
    "-9223372036854775808",
    "1e308",
    "NaN",
    "2026-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "-009999-01-01T00:00:00Z",
    "(((((((((((((((((((((((((((((((((((((((((((((((((((",
    "x eq 'y' and",
    "startsWith(",
    "not not not",
    "DisplayName -like '*",
    "@",
    "a@b",
    "SMTP:",
    "CN=,O=",
    "{\"a\":1}",
    "Unlimited",
    "null",
    "true",
    "UPN:",
    "1.2.3.4.5.6",
    "2.999999999999999999999999.1",
    "1.",
    "::",
    "/",
    "//",
    "#",
    "?a=b",
    "00000000-0000-0000-0000-000000000000",
    "LaraN",
    "nils@northwindtraders.onmicrosoft.com",
    "c4nary",
    "Ärger Ö",
    "İ",
    "ﬀ",
    "a\u{301}",
];

/// Numbers by a seed, the same everywhere.
pub struct Seed(pub u64);

impl Seed {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    /// A number below `end`, which is at least one.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }

    fn text(&mut self) -> String {
        match self.below(12) {
            0 => "a".repeat(self.below(20_000)),
            1 => "é".repeat(self.below(300)),
            2 => (0..self.below(40))
                .filter_map(|_| char::from_u32(self.below(0x3000) as u32))
                .collect(),
            _ => self.one(TEXTS).to_owned(),
        }
    }

    fn value(&mut self) -> Value {
        match self.below(9) {
            0 => Value::Null,
            1 => json!(self.next().is_multiple_of(2)),
            2 => self.one(&[
                json!(i64::MIN),
                json!(i64::MAX),
                json!(u64::MAX),
                json!(1e308),
                json!(-1),
                json!(0),
                json!(1.5),
            ]),
            3 => json!([]),
            4 => json!({}),
            5 => json!([self.text(), null, {"a": [self.text()]}]),
            6 => json!({self.text(): self.text(), "@odata.type": "#Exchange.GenericHashTable", "Add": [1]}),
            _ => json!(self.text()),
        }
    }
}

/// The sample with up to three things changed.
pub fn mutated(stage: &Stage, sample: &Sample, seed: &mut Seed) -> Request {
    let mut request = sample.request.clone();
    for _ in 0..=seed.below(3) {
        match seed.below(10) {
            0 => {
                request.method = seed
                    .one(&["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "get", "X"])
                    .to_owned();
            }
            1 => path(&mut request, seed),
            2 => query(&mut request, seed),
            3 => header(stage, &mut request, seed),
            4 => bytes(&mut request, seed),
            5 if sample.body.is_null() => form(&mut request, seed),
            _ if sample.body.is_null() => query(&mut request, seed),
            _ => json_body(&mut request, seed),
        }
    }
    request
}

fn path(request: &mut Request, seed: &mut Seed) {
    let mut segments: Vec<String> = request.path.split('/').map(str::to_owned).collect();
    let at = seed.below(segments.len());
    let text = seed.text().replace(CANARY, "x");
    match seed.below(5) {
        0 => segments[at] = text,
        1 => segments.insert(at, text),
        2 => drop(segments.remove(at)),
        3 => segments[at].push_str(&text),
        _ => segments[at] = format!("{}(x='{text}')", segments[at]),
    }
    request.path = segments.join("/");
    if !request.path.starts_with('/') {
        request.path.insert(0, '/');
    }
}

fn query(request: &mut Request, seed: &mut Seed) {
    const NAMES: &[&str] = &[
        "$filter",
        "$select",
        "$top",
        "$skiptoken",
        "$search",
        "$orderby",
        "$expand",
        "$count",
        "api-version",
        "maxresults",
        "prefix",
        "marker",
        "comp",
        "includePending",
        "prompt",
        "last",
    ];
    match seed.below(8) {
        0 if !request.query.is_empty() => {
            let at = seed.below(request.query.len());
            request.query.remove(at);
        }
        1..=3 if !request.query.is_empty() => {
            let at = seed.below(request.query.len());
            request.query[at].1 = seed.text();
        }
        4 if seed.below(50) == 0 => request
            .query
            .extend((0..10_000).map(|number| (format!("p{number}"), "x".to_owned()))),
        _ => {
            let name = seed.one(NAMES).to_owned();
            request.query.push((name, seed.text()));
        }
    }
}

fn header(stage: &Stage, request: &mut Request, seed: &mut Seed) {
    const NAMES: &[&str] = &[
        "client-request-id",
        "x-ms-client-request-id",
        "x-ms-return-client-request-id",
        "prefer",
        "x-anchormailbox",
        "consistencylevel",
        "content-type",
        "cookie",
        "warningaction",
        "x-responseformat",
        "x-ms-version",
        "range",
        "if-match",
    ];
    let authorize = |request: &mut Request, with: String| {
        request.headers.retain(|(name, _)| name != "authorization");
        request.headers.push(("authorization".into(), with));
    };
    match seed.below(7) {
        0 if !request.headers.is_empty() => {
            let at = seed.below(request.headers.len());
            request.headers.remove(at);
        }
        1 if !request.headers.is_empty() => {
            let at = seed.below(request.headers.len());
            // A header cannot hold a line break, and is no longer than a connection lets it be.
            request.headers[at].1 = line(&seed.text());
        }
        2 => {
            let (_, token) = seed.one(&stage.tokens);
            authorize(request, format!("Bearer {token}"));
        }
        3 => {
            let (_, mut token) = seed.one(&stage.tokens);
            let at = seed.below(token.len());
            token.replace_range(at..=at, "A");
            authorize(request, format!("Bearer {token}"));
        }
        4 => authorize(
            request,
            line(&format!("{} {}", seed.one(&["Bearer", "Basic", "bearer", ""]), seed.text())),
        ),
        _ => {
            let name = seed.one(NAMES).to_owned();
            request.headers.push((name, line(&seed.text())));
        }
    }
}

fn line(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).take(4000).collect()
}

fn bytes(request: &mut Request, seed: &mut Seed) {
    let body = &mut request.body;
    match seed.below(5) {
        0 => body.clear(),
        1 => body.truncate(seed.below(body.len())),
        2 if !body.is_empty() => {
            let at = seed.below(body.len());
            body[at] = seed.next() as u8;
        }
        3 => {
            let at = seed.below(body.len());
            body.splice(at..at, [0xff, 0xc3, 0x28]);
        }
        _ => {
            let depth = 40 + seed.below(200);
            *body = format!("{}{}", "{\"a\":[".repeat(depth), "]}".repeat(depth)).into_bytes();
        }
    }
}

fn form(request: &mut Request, seed: &mut Seed) {
    let mut fields = crate::sandbox::form::pairs(&String::from_utf8_lossy(&request.body));
    if fields.is_empty() {
        return query(request, seed);
    }
    let at = seed.below(fields.len());
    match seed.below(4) {
        0 => drop(fields.remove(at)),
        1 => fields.push(fields[at].clone()),
        _ => fields[at].1 = seed.text(),
    }
    let encoded = fields
        .iter()
        .map(|(name, value)| format!("{name}={}", crate::sandbox::form::encode(value)));
    request.body = encoded.collect::<Vec<_>>().join("&").into_bytes();
}

fn json_body(request: &mut Request, seed: &mut Seed) {
    let Ok(mut body) = serde_json::from_slice::<Value>(&request.body) else {
        return bytes(request, seed);
    };
    let mut node = &mut body;
    // Half of the time further down, until there is nothing below.
    loop {
        let count = match &*node {
            Value::Object(object) => object.len(),
            Value::Array(items) => items.len(),
            _ => 0,
        };
        if count == 0 || seed.below(5) == 0 {
            break;
        }
        let at = seed.below(count);
        node = match node {
            Value::Object(object) => object.values_mut().nth(at).expect("it was counted"),
            Value::Array(items) => &mut items[at],
            _ => break,
        };
    }
    match (node, seed.below(5)) {
        (Value::Object(object), 0) => {
            let name = object.keys().nth(seed.below(object.len())).cloned().unwrap_or_default();
            object.remove(&name);
        }
        (Value::Object(object), 1) => {
            let name = seed.text();
            object.insert(name, seed.value());
        }
        (Value::Object(object), 2) => {
            for number in 0..seed.below(2000) {
                object.insert(format!("p{number}"), json!("x"));
            }
        }
        (Value::Array(items), 0 | 1) => items.push(seed.value()),
        (Value::Array(items), 2) => {
            if let Some(first) = items.first().cloned() {
                items.extend(std::iter::repeat_n(first, seed.below(30)));
            }
        }
        (node, 3) => {
            let inner = node.take();
            *node = (0..seed.below(90)).fold(inner, |inner, _| json!([inner]));
        }
        (node, _) => *node = seed.value(),
    }
    request.body = body.to_string().into_bytes();
}
