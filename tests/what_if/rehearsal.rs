//! `Pair`: the two administrators, who rehearse what they are about to do.

use crate::common::Administrator;
use crate::common::Plan;
use crate::common::Ran;
use crate::common::Site;

/// A few who are to move: three who can be prepared, and one whose place in the target a guest has taken.
const PEOPLE: &str = "LaraN\nZoeM\nNadiaN\nGretaG\n";

/// The administrators of one site.
pub struct Pair {
    site: Site,
    pub contoso: Administrator,
    pub northwind: Administrator,
}

impl Pair {
    /// Two administrators with fresh tenants.
    pub fn new() -> Self {
        let site = Site::new();
        let (contoso, northwind) = (site.contoso(), site.northwind());
        contoso.write("people.txt", PEOPLE);
        Self { site, contoso, northwind }
    }

    /// Whoever has the tenant that `line` names: the source's scripts have `--source`, the target's `--target`.
    fn person(&self, line: &str) -> &Administrator {
        match line.contains("--source contoso") {
            true => &self.contoso,
            false => &self.northwind,
        }
    }

    /// Runs it.
    pub fn runs(&self, line: &str) -> Ran {
        self.person(line).types(&format!("run {line}"))
    }

    /// Runs it and goes on when it went well.
    #[track_caller]
    pub fn has_run(&self, lines: &[&str]) {
        for line in lines {
            self.runs(line).succeeds();
        }
    }

    /// Everything that the administrators send each other, as far as it is there.
    pub fn exchange_files(&self) {
        let (contoso, northwind) = (&self.contoso, &self.northwind);
        for (name, from, to) in [
            ("to-source.json", northwind, contoso),
            ("to-target.json", contoso, northwind),
            ("users.csv", contoso, northwind),
        ] {
            if from.has(name) {
                from.sends(name, to);
            }
        }
        northwind.write("domains.csv", "source,target\ncontoso.com,northwind.com\n");
    }

    /// Runs it with `--what-if`: it ends with `status`, nothing is written to a tenant, and no file is.
    #[track_caller]
    pub fn rehearses(&self, line: &str, status: i32) -> (Ran, Plan) {
        let files = || [self.contoso.files(), self.northwind.files()];
        let (before, mut ran) = (files(), None);
        let writes = self.site.writes_during(|| ran = Some(self.runs(&format!("{line} --what-if"))));
        let ran = ran.expect("it ran");
        ran.ends_with(status);
        assert!(writes.is_empty(), "{writes:?} by {ran:?}");
        assert!(files() == before, "files were written by {ran:?}");
        let plan = Plan::read(ran.stdout());
        ran.prints(&match plan.len() {
            0 => "nothing would be changed".to_owned(),
            1 => "1 change planned, none made".to_owned(),
            many => format!("{many} changes planned, none made"),
        });
        (ran, plan)
    }

    /// Rehearses it, then does it: each planned change is made, in one write each, and no other.
    #[track_caller]
    pub fn does_as_planned(&self, line: &str) -> Plan {
        let (rehearsed, plan) = self.rehearses(line, 0);
        let mut ran = None;
        let writes = self.site.writes_during(|| ran = Some(self.runs(line)));
        let ran = ran.expect("it ran");
        ran.succeeds();
        assert_eq!(
            changes(ran.stderr(), &['+', '~', '-']),
            changes(rehearsed.stderr(), &['?']),
            "{ran:?}"
        );
        assert_eq!(writes.len(), plan.len(), "{writes:#?} by {ran:?}");
        plan
    }
}

/// The changes that were told with one of `signs`, in any order, as they read when they are made. Objects that the service names
/// when it makes them have no name.
fn changes(told: &str, signs: &[char]) -> Vec<String> {
    let lines = told.lines().filter_map(|line| line.strip_prefix(signs)?.strip_prefix(' '));
    let mut changes: Vec<String> = lines
        .map(|line| {
            let line = line.replace("would create ", "created ").replace("would update ", "updated ");
            let line = line.replace("would remove ", "removed ").replace("would be ", "");
            let line = line.split_once("`: ").map_or(line.clone(), |(change, _)| format!("{change}`"));
            match ["service principal", "app role assignment"]
                .iter()
                .find(|noun| line.contains(*noun))
            {
                Some(noun) => noun.to_string(),
                None => line,
            }
        })
        .collect();
    changes.sort();
    changes
}
