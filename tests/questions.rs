//! Questions before changes that matter: at a terminal, and where nobody can be asked.

use crate::common::Site;

const SCRIPT: &str = r#"const PARAMS = #{ target: #{ type: "tenant", help: "" } };
const WRITES = #{ target: #{ exchange: "irreversible" } };
let target = args.target;
for attribute in ["one", "two", "three"] {
    try { target.set_mailuser("Fiona.Forbes@northwind.com", #{ CustomAttribute5: attribute }); } catch (trouble) { note(`caught ${trouble.kind}`); }
}
target.clear_previous_mailbox_info("Fiona.Forbes@northwind.com", #{ PermanentlyClearPreviousMailboxInfo: true });
"#;
const RUN: [&str; 4] = ["run", "s.rhai", "--target", "northwind"];

#[test]
fn without_a_terminal_a_run_that_would_have_to_ask_is_refused_before_anything_is_done() {
    let site = Site::new();
    let person = site.beginner();
    person.write("s.rhai", SCRIPT);
    for (answers, says) in [
        (
            &["--confirm", "high"][..],
            "remedy: look at it with `--what-if` first, then give the answer beforehand with `--yes-irreversible`",
        ),
        (&["--yes"], "this may make changes of impact irreversible"),
        (&["--confirm", "low", "--yes"], "this may make changes of impact irreversible"),
    ] {
        let writes = site.writes_during(|| {
            person.runs(&[&RUN[..], answers].concat()).ends_with(2).says(says);
        });
        assert!(writes.is_empty(), "{writes:?}");
    }

    person.write("s.rhai", SCRIPT.replace("irreversible", "high"));
    person
        .runs(&[&RUN[..], &["--confirm", "medium"]].concat())
        .ends_with(2)
        .says("beforehand with `--yes`");
    person
        .runs(&[&RUN[..], &["--what-if"]].concat())
        .ends_with(1)
        .says("has impact irreversible, above the high");
}

#[cfg(unix)]
mod at_a_terminal {
    use rexpect::session::PtySession;

    use super::*;
    use crate::common::Administrator;

    const PROMPT: &str = "[y]es, yes to [a]ll, [n]o, n[o]ne, [s]top, [?]: ";

    /// What stands on the terminal until it is asked for an answer, which is given.
    fn answer(terminal: &mut PtySession, answer: &str) -> String {
        let question = terminal.exp_string(PROMPT).expect("it asks");
        terminal.send_line(answer).expect("it listens");
        question
    }

    /// The rest of what is said, and the status.
    fn end(mut terminal: PtySession) -> (String, i32) {
        let said = terminal.exp_eof().expect("it ends");
        match terminal.process().wait().expect("it has ended") {
            rexpect::process::WaitStatus::Exited(_, status) => (said, status),
            other => panic!("{other:?} after {said}"),
        }
    }

    fn person(site: &Site) -> Administrator {
        let person = site.beginner();
        person.write("s.rhai", SCRIPT);
        person
    }

    #[test]
    fn a_question_names_tenant_object_loss_and_way_back_and_a_no_ends_with_status_6() {
        let site = Site::new();
        let person = person(&site);
        let mut terminal = person.sits_at(&[&RUN[..], &["--confirm", "medium"]].concat());

        let first = answer(&mut terminal, "?");
        let help = answer(&mut terminal, "");
        answer(&mut terminal, "y");
        let second = answer(&mut terminal, "none");
        let last = answer(&mut terminal, "n");
        let (said, status) = end(terminal);

        for text in [
            "may change: northwind (northwindtraders.onmicrosoft.com, ",
            "northwind (northwindtraders.onmicrosoft.com): update MailUser `Fiona.Forbes@northwind.com`?",
            "CustomAttribute5 -> `one`",
            "way back: `xtenant runs undo 1`",
        ] {
            assert!(first.contains(text), "{text} in {first}");
        }
        assert!(!first.contains("purge"), "no hold is taken away: {first}");
        assert!(help.contains("every later `set_mailuser` on northwind"), "{help}");
        assert!(second.contains("CustomAttribute5 `one` -> `two`"), "{second}");
        // The third was answered with the second, so the next question is about something else.
        assert_eq!(last.matches("caught declined").count(), 2, "{last}");
        assert!(last.contains("its archive is lost with it"), "{last}");
        assert!(
            last.contains("way back: none: the pointers to the previous mailbox are wiped"),
            "{last}"
        );
        assert!(said.contains("`clear_previous_mailbox_info` was declined"), "{said}");
        assert_eq!(status, 6, "{said}");
    }

    #[test]
    fn stop_and_control_c_end_the_run_where_it_is() {
        for is_pressed in [false, true] {
            let site = Site::new();
            let person = person(&site);
            let mut terminal = person.sits_at(&[&RUN[..], &["--confirm", "medium"]].concat());

            answer(&mut terminal, "yes");
            match is_pressed {
                false => _ = answer(&mut terminal, "stop"),
                true => {
                    terminal.exp_string(PROMPT).expect("it asks");
                    terminal.send_control('c').expect("it listens");
                }
            }
            let (said, status) = end(terminal);

            assert!(said.contains("stopped; 1 change had been made"), "{said}");
            assert!(said.contains("xtenant runs show 1"), "{said}");
            assert!(!said.contains("caught"), "{said}");
            assert_eq!(status, 130, "{said}");
        }
    }
}
