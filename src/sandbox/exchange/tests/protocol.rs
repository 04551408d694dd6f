use aws_lc_rs::rsa::Pkcs1PublicEncryptingKey;
use aws_lc_rs::rsa::PublicEncryptingKey;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::*;

fn page(site: &Site, request: &Request) -> (Vec<String>, Option<String>) {
    let seen = Seen::of(&site.send(request));
    assert_eq!(seen.status, 200, "{}", seen.body);
    let names = seen.value.iter().map(|record| record["Name"].as_str().unwrap().to_owned());
    (names.collect(), seen.body["@odata.nextLink"].as_str().map(str::to_owned))
}

fn follow(first: &Request, link: &str) -> Request {
    let token = link.split_once("skiptoken=").unwrap().1;
    let mut next = first.clone();
    next.query = vec![("$skiptoken".into(), token.into())];
    next
}

#[test]
fn a_token_without_the_app_role_gets_401_and_one_without_a_directory_role_403() {
    let site = Site::new();
    let status = |token: &str| {
        site.send(&site.request("contoso", token, "Get-OrganizationConfig", json!({})))
            .status
    };

    assert_eq!(status("none"), 401);
    assert_eq!(status(&site.token_with("contoso", None, Some(ids::GLOBAL_ADMINISTRATOR))), 401);
    assert_eq!(status(&site.token_with("contoso", Some("Exchange.ManageAsApp"), None)), 403);
    assert_eq!(
        status(&site.token_with("contoso", Some("Exchange.ManageAsApp"), Some(ids::GLOBAL_READER))),
        200
    );
    assert_eq!(status(&site.token("northwind")), 401);
}

#[test]
fn a_cmdlet_that_the_roles_do_not_hold_is_forbidden_without_json() {
    let site = Site::new();
    let token = site.token_with("contoso", Some("Exchange.ManageAsApp"), Some(ids::GLOBAL_READER));

    for cmdlet in ["Set-Mailbox", "Get-NoSuchThing"] {
        let reply = site.send(&site.request("contoso", &token, cmdlet, json!({"Identity": "x"})));
        assert_eq!(reply.status, 403);
        assert!(reply.body.iter().all(|byte| *byte == 0));
        let reason = reply.headers.iter().find(|(name, _)| name == "x-ms-diagnostics");
        assert!(reason.unwrap().1.starts_with("2000003;reason="));
    }
}

#[test]
fn the_envelope_is_annotated_as_the_service_annotates() {
    let site = Site::new();
    site.mailbox("contoso", "ann", "SPE_E3");

    let reply = site.done("contoso", "Get-Mailbox", json!({"Identity": "ann@contoso.com"}));

    let members: Vec<&String> = reply.body.as_object().unwrap().keys().collect();
    assert_eq!(
        members,
        ["@odata.context", "adminapi.warnings@odata.type", "@adminapi.warnings", "value"]
    );
    let mailbox = &reply.value[0];
    assert_eq!(mailbox["ExchangeGuid@data.type"], "System.Guid");
    assert_eq!(mailbox["ExchangeGuid@odata.type"], "#Guid");
    assert_eq!(mailbox["EmailAddresses@odata.type"], "#Collection(String)");
    assert_eq!(mailbox["WhenCreated@data.type"], "System.DateTime");
    assert_eq!(mailbox["WhenCreated"], "2026-01-05T08:00:00.0000000+00:00");
    assert_eq!(mailbox["WhenCreatedUTC"], "2026-01-05T08:00:00.0000000Z");
    assert!(mailbox.get("ExternalDirectoryObjectId@data.type").is_none());
    assert!(mailbox.as_object().unwrap().keys().all(|name| !name.starts_with('_')));
}

#[test]
fn names_bind_without_case_and_by_prefix_and_unknown_ones_are_refused() {
    let site = Site::new();
    site.mailbox("contoso", "ann", "SPE_E3");

    let seen = site.run("contoso", "get-mailbox", json!({"ident": "ann", "ErrorAction": "Stop"}));
    assert_eq!((seen.status, seen.value.len()), (200, 1));

    let seen = site.run("contoso", "Get-Mailbox", json!({"Identity": "ann", "Colour": "red"}));
    seen.is_refused(400, "AmbiguousParameterSetException");
    assert!(seen.text.ends_with("Invalid cmdlet parameters specified. Colour"));

    let seen = site.run(
        "contoso",
        "Set-Mailbox",
        json!({"Identity": "ann", "HiddenFromAddressListsEnabled": "perhaps"}),
    );
    seen.is_refused(400, "ParameterTransformationException");

    site.run("contoso", "Set-Mailbox", json!({}))
        .is_refused(400, "ParameterBindingException");

    let edit = json!({"Identity": "ann", "EmailAddresses": {"Add": ["smtp:a@contoso.com"]}});
    site.run("contoso", "Set-Mailbox", edit)
        .is_refused(400, "ParameterTransformationException");
}

#[test]
fn a_question_of_high_impact_is_asked_and_nothing_done() {
    let site = Site::new();
    site.new_lara();
    let token = site.token("northwind");
    let ask = |parameters: Value| Seen::of(&site.send(&site.request("northwind", &token, "Remove-MailUser", parameters)));

    for unanswered in [json!({"Identity": "LaraN"}), json!({"Identity": "LaraN", "Confirm": true})] {
        let seen = ask(unanswered);
        assert_eq!(seen.body["@adminapi.confirmationmessage"], "Removing the mail user \"LaraN\".");
        assert!(seen.value.is_empty());
        site.get("northwind", "Get-MailUser", "LaraN");
    }
    ask(json!({"Identity": "LaraN", "Confirm": false}));
    site.run("northwind", "Get-MailUser", json!({"Identity": "LaraN"}))
        .is_refused(404, "ManagementObjectNotFoundException");
}

#[test]
fn what_if_refuses_what_the_write_would_and_leaves_nothing() {
    let site = Site::new();
    let new = json!({"Name": "scope", "Type": "Security", "WhatIf": true});

    let seen = site.done("contoso", "New-DistributionGroup", new);

    assert_eq!(
        seen.body["@adminapi.confirmationmessage"],
        "Creating the distribution group \"scope\"."
    );
    assert!(site.done("contoso", "Get-DistributionGroup", json!({})).value.is_empty());
    let foreign = json!({"Name": "scope", "PrimarySmtpAddress": "scope@fabrikam.com", "WhatIf": true});
    site.run("contoso", "New-DistributionGroup", foreign)
        .is_refused(400, "NotAcceptedDomainException");
}

#[test]
fn pages_follow_each_other_even_when_what_was_read_no_longer_matches() {
    let site = Site::new();
    for number in 0..5 {
        let mailbox = site.mailbox("contoso", &format!("user{number}"), "");
        site.done(
            "contoso",
            "Set-Mailbox",
            json!({"Identity": mailbox.text("Guid"), "CustomAttribute1": "open"}),
        );
    }
    let parameters = json!({"Filter": "CustomAttribute1 -eq 'open'", "ResultSize": "Unlimited"});
    let mut first = site.request("contoso", &site.token("contoso"), "Get-Mailbox", parameters);
    first
        .headers
        .push(("prefer".into(), "odata.maxpagesize=2;odata.continue-on-error".into()));

    let (names, link) = page(&site, &first);
    assert_eq!(names, ["user0", "user1"]);
    for name in names {
        site.done("contoso", "Set-Mailbox", json!({"Identity": name, "CustomAttribute1": "done"}));
    }
    let (names, link) = page(&site, &follow(&first, &link.unwrap()));
    assert_eq!(names, ["user2", "user3"]);
    let (names, link) = page(&site, &follow(&first, &link.unwrap()));
    assert_eq!((names, link), (vec!["user4".to_owned()], None));
}

#[test]
fn a_page_token_is_refused_with_another_anchor_another_body_or_too_late() {
    let site = Site::new();
    for number in 0..3 {
        site.mailbox("contoso", &format!("user{number}"), "");
    }
    let mut first = site.request("contoso", &site.token("contoso"), "Get-Mailbox", json!({}));
    first.headers.push(("prefer".into(), "odata.maxpagesize=2".into()));
    let next = follow(&first, &page(&site, &first).1.unwrap());

    let mut elsewhere = next.clone();
    elsewhere.headers.retain(|(name, _)| name != "x-anchormailbox");
    assert_eq!(site.send(&elsewhere).status, 400);
    let mut other = next.clone();
    other.body = json!({"CmdletInput": {"CmdletName": "Get-Mailbox", "Parameters": {"Anr": "u"}}})
        .to_string()
        .into_bytes();
    assert_eq!(site.send(&other).status, 400);
    assert_eq!(site.send(&next).status, 200);
    site.advance(SignedDuration::from_mins(31));
    assert_eq!(site.send(&next).status, 400);
}

#[test]
fn results_beyond_the_result_size_are_left_out_with_a_warning() {
    let site = Site::new();
    for number in 0..3 {
        site.mailbox("contoso", &format!("user{number}"), "");
    }

    let seen = site.done("contoso", "Get-Mailbox", json!({"ResultSize": 2}));
    assert_eq!((seen.value.len(), seen.warnings.len()), (2, 1));
    let seen = site.done(
        "contoso",
        "Get-Mailbox",
        json!({"ResultSize": "2", "WarningAction": "SilentlyContinue"}),
    );
    assert_eq!((seen.value.len(), seen.warnings.len()), (2, 0));
}

#[test]
fn a_null_identity_brings_everything_back() {
    let site = Site::new();
    for number in 0..3 {
        site.mailbox("contoso", &format!("user{number}"), "");
    }

    assert_eq!(site.done("contoso", "Get-Mailbox", json!({"Identity": null})).value.len(), 3);
}

#[test]
fn items_of_a_batch_succeed_and_fail_by_themselves() {
    let site = Site::new();
    site.mailbox("contoso", "ann", "");
    let token = site.token("contoso");
    let mut request = site.request("contoso", &token, "", json!({}));
    let url = format!("https://outlook.office365.com{}", request.path);
    request.path = request.path.replace("InvokeCommand", "$batch");
    let item = |id: usize, name: &str| {
        json!({
            "id": id.to_string(),
            "method": "POST",
            "url": url,
            "headers": {"Authorization": format!("Bearer {token}"), "X-CmdletName": "Get-Mailbox"},
            "body": {"CmdletInput": {"CmdletName": "Get-Mailbox", "Parameters": {"Identity": name}}},
        })
    };

    request.body = json!({"requests": [item(0, "nobody"), item(1, "ann")]}).to_string().into_bytes();
    let reply: Value = serde_json::from_slice(&site.send(&request).body).unwrap();

    assert_eq!(reply["responses"][0]["status"], 404);
    assert_eq!(reply["responses"][1]["body"]["value"][0]["Name"], "ann");
    let many: Vec<Value> = (0..11).map(|id| item(id, "ann")).collect();
    request.body = json!({"requests": many}).to_string().into_bytes();
    assert_eq!(site.send(&request).status, 400);
}

#[test]
fn secrets_may_be_encrypted_with_the_key_of_the_module_file() {
    let site = Site::new();
    let mut request = site.request("northwind", &site.token("northwind"), "", json!({}));
    request.method = "GET".into();
    request.path = request.path.replace("/beta/", "/v1.0/").replace("InvokeCommand", "EXOModuleFile");
    let file = Seen::of(&site.send(&request)).value.remove(0);
    let exported: Vec<&str> = file["exportedCmdlets"].as_str().unwrap().split(',').collect();
    assert!(exported.contains(&"New-MailUser") && exported.contains(&"New-MigrationBatch"));

    let xml = file["psm1"].as_str().unwrap();
    let part = |name: &str| {
        let start = xml.split_once(&format!("<{name}>")).unwrap().1;
        STANDARD.decode(start.split_once("</").unwrap().0).unwrap()
    };
    let cipher = encrypted(&part("Modulus"), &part("Exponent"), "hush");
    let opened = site.write(|tx| exchange::secret::decrypted(tx, &STANDARD.encode(&cipher)));
    assert_eq!(opened.as_deref(), Some("hush"));
}

fn encrypted(modulus: &[u8], exponent: &[u8], plain: &str) -> Vec<u8> {
    let element = |tag: u8, content: &[u8]| {
        let [high, low] = u16::try_from(content.len()).unwrap().to_be_bytes();
        match content.len() {
            0..128 => [&[tag, low], content].concat(),
            _ => [&[tag, 0x82, high, low], content].concat(),
        }
    };
    let number = |bytes: &[u8]| match bytes[0] < 0x80 {
        true => element(2, bytes),
        false => element(2, &[&[0], bytes].concat()),
    };
    let key = element(0x30, &[number(modulus), number(exponent)].concat());
    let algorithm = [0x30, 0x0d, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0];
    let public = element(0x30, &[&algorithm[..], &element(3, &[&[0][..], &key].concat())].concat());
    let key = Pkcs1PublicEncryptingKey::new(PublicEncryptingKey::from_der(&public).unwrap()).unwrap();
    let mut cipher = vec![0; key.ciphertext_size()];
    key.encrypt(plain.as_bytes(), &mut cipher).unwrap().to_vec()
}
