//! The pages that a person meets: one plain document each, that reads well without scripts, pictures or anything from elsewhere.

use std::sync::LazyLock;

use aws_lc_rs::digest;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::sandbox::Reply;

const STYLE: &str = "\
:root{color-scheme:light dark}\
body{margin:0;font:1rem/1.5 system-ui,sans-serif;background:#f2f2f2;color:#1b1b1b}\
header,footer{max-width:40rem;margin:0 auto;padding:1rem 1.5rem}\
main{max-width:37rem;margin:0 auto;padding:1.5rem;background:#fff;border:1px solid #c8c8c8}\
h1{font-size:1.5rem;margin-top:0}h2{font-size:1.15rem}\
label{display:block;font-weight:600}\
input[type=text],input[type=email]{font:inherit;width:100%;box-sizing:border-box;padding:.4rem;border:1px solid #605e5c}\
button,.button{font:inherit;padding:.45rem 1.2rem;border:1px solid #605e5c;background:#f3f2f1;color:#1b1b1b;cursor:pointer;text-decoration:none}\
button.chief,.button.chief{background:#005a9e;border-color:#005a9e;color:#fff}\
button.account{display:block;width:100%;text-align:left;margin:.4rem 0}\
:focus-visible{outline:3px solid #005a9e;outline-offset:2px}\
.alert{border-left:4px solid #a4262c;padding:.2rem .8rem}\
pre{white-space:pre-wrap;font:inherit}code,dd{overflow-wrap:anywhere}\
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.4rem;border-bottom:1px solid #c8c8c8;vertical-align:top}\
@media (prefers-color-scheme:dark){body{background:#1b1a19;color:#f3f2f1}main{background:#252423;border-color:#605e5c}\
a{color:#6cb8f6}button,.button{background:#3b3a39;color:#f3f2f1}button.chief,.button.chief{background:#2b88d8;border-color:#2b88d8;color:#000}\
input[type=text],input[type=email]{background:#1b1a19;color:#f3f2f1}:focus-visible{outline-color:#6cb8f6}}";

/// The one script there is: it presses the button of a form that has to be posted. Where it may not run, a person presses.
const SUBMIT: &str = "document.forms[0].submit()";

static POLICY: LazyLock<String> = LazyLock::new(|| {
    format!(
        "default-src 'none'; style-src {}; script-src {}; frame-ancestors 'none'; base-uri 'none'",
        source(STYLE),
        source(SUBMIT)
    )
});

/// One whole document: `title` is plain text, `body` is HTML whose texts are escaped already.
pub fn page(title: &str, body: &str) -> Reply {
    let title = escape(title);
    let document = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n\
         <body>\n<header>xtenant sandbox</header>\n<main>\n<h1>{title}</h1>\n{body}\n</main>\n\
         <footer>Simulated tenants on this computer. Nothing here reaches Microsoft, and nobody has a password.</footer>\n</body>\n</html>\n"
    );
    // A form may be posted anywhere: browsers would hold the redirect that answers it, to the application's address, against `form-action`.
    Reply {
        status: 200,
        body: document.into_bytes(),
        ..Reply::default()
    }
    .with_header("content-type", "text/html; charset=utf-8")
    .with_header("cache-control", "no-store, no-cache")
    .with_header("content-security-policy", POLICY.as_str())
    .with_header("x-frame-options", "DENY")
    .with_header("x-content-type-options", "nosniff")
    .with_header("referrer-policy", "same-origin")
}

/// As [`page`], with another status than 200.
pub fn page_with_status(status: u16, title: &str, body: &str) -> Reply {
    Reply {
        status,
        ..page(title, body)
    }
}

/// A form with these fields that posts itself to `action`, or by its button where scripts do not run.
pub fn posting(title: &str, action: &str, fields: &[(&str, &str)]) -> Reply {
    let hidden: String = fields.iter().map(|(name, value)| hidden(name, value)).collect();
    let body = format!(
        "<form method=\"post\" action=\"{}\">\n{hidden}<p>You are being sent back to the application.</p>\n\
         <button class=\"chief\">Continue</button>\n</form>\n<script>{SUBMIT}</script>",
        escape(action)
    );
    page(title, &body)
}

/// The way to another address, which an application or an invitation may have given as it liked.
pub fn redirect(address: &str) -> Reply {
    let encoded = address.bytes().map(|byte| match byte {
        b if b.is_ascii_graphic() => char::from(b).to_string(),
        b => format!("%{b:02X}"),
    });
    Reply::empty(302)
        .with_header("location", encoded.collect::<String>())
        .with_header("cache-control", "no-store, no-cache")
}

/// What is told where nothing is.
pub fn not_found() -> Reply {
    page_with_status(404, "Page not found", "<p>There is no such page. Check the address.</p>")
}

/// A field that is not shown.
pub fn hidden(name: &str, value: &str) -> String {
    format!("<input type=\"hidden\" name=\"{}\" value=\"{}\">\n", escape(name), escape(value))
}

/// Something went wrong, told where it is read out at once.
pub fn alert(text: &str) -> String {
    format!("<p class=\"alert\" role=\"alert\">{}</p>\n", escape(text))
}

/// `text` as it may stand between tags and in attributes.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

fn source(text: &str) -> String {
    let digest = digest::digest(&digest::SHA256, text.as_bytes());
    format!("'sha256-{}'", STANDARD.encode(digest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(reply: &Reply) -> String {
        String::from_utf8(reply.body.clone()).unwrap()
    }

    #[test]
    fn a_hostile_name_stays_text() {
        let name = "<script>alert('x')</script> & \"Sons\"";

        let shown = text(&page(name, &alert(name)));

        assert!(!shown.contains("<script>alert"), "{shown}");
        assert_eq!(
            shown
                .matches("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;Sons&quot;")
                .count(),
            3
        );
        let form = text(&posting("Sign in", "https://a.example/\"><script>", &[("state", "\"><img src=x>")]));
        assert!(!form.contains("<img") && !form.contains("\"><script>"), "{form}");
    }

    #[test]
    fn an_address_goes_into_a_header_whatever_it_is() {
        let reply = redirect("https://office.com/zurück a\r\nset-cookie: b");

        assert_eq!(reply.headers[0].1, "https://office.com/zur%C3%BCck%20a%0D%0Aset-cookie:%20b");
    }

    #[test]
    fn a_page_has_a_language_landmarks_and_a_policy_that_lets_nothing_in() {
        let reply = page("Sign in", "");

        let shown = text(&reply);
        for part in [
            "<html lang=\"en\">",
            "name=\"viewport\"",
            "<main>",
            "<header>",
            "<footer>",
            "<h1>Sign in</h1>",
        ] {
            assert!(shown.contains(part), "{part}");
        }
        let policy = &reply.headers.iter().find(|(name, _)| name == "content-security-policy").unwrap().1;
        assert!(
            policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{policy}"
        );
        assert!(!policy.contains("unsafe"), "{policy}");
    }
}
