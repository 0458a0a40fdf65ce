//! Persons: invitations and sessions, several roles, handing over, and networks that never see each other.

use serde_json::{Value, json};

use super::served::{Served, token};
use crate::command::both;
use crate::twins::done;

#[test]
fn an_invited_person_signs_in_and_out() {
    for sandbox in both() {
        let served = Served::fresh(sandbox);
        let a = served.association("Chorale");
        let (ana, _) = served.person("ANA", "delegate", Some(&a));
        let invitation =
            served.post(&served.operator, &format!("/v1/persons/{ana}/invitations"), &json!({})).expect(201);
        let secret = invitation.field("secret");
        assert!(invitation.field("link").ends_with(&format!("/invitation#{secret}")));
        let accept = |password: &str| {
            let body = json!({ "secret": secret, "email": "Ana@Example.org", "password": password });
            served.call("POST", "/v1/invitations/accept").json(&body).send()
        };
        assert_eq!(accept("short").expect(400).field("field"), "password");
        accept("correct horse battery").expect(204);
        assert_eq!(accept("another long one").expect(409).problem(), "invitation-does-not-work");

        let sign_in = |password: &str| {
            let body = json!({ "email": "ana@example.org", "password": password });
            served.call("POST", "/v1/sessions").json(&body).send()
        };
        assert_eq!(sign_in("wrong").expect(401).problem(), "sign-in-failed");
        let session = sign_in("correct horse battery").expect(201);
        assert_eq!(session.field("person"), ana);
        let session = session.field("token");
        let me = served.get(&session, "/v1/me").expect(200);
        assert_eq!(me.field("acting_for"), format!("association:{a}"));
        served.call("DELETE", "/v1/sessions/current").token(&session).send().expect(204);
        served.get(&session, "/v1/me").expect(401);
    }
}

#[test]
fn a_volunteer_signs_in_and_sees_what_is_theirs() {
    for sandbox in both() {
        let served = Served::fresh(sandbox);
        let a = served.association("Chorale");
        let (delegate, ana) = served.person("ANA", "delegate", Some(&a));
        let (vera, _) = served.volunteer("VER", Some(&a));
        let hours = json!({ "contribution": { "person": vera, "minutes": 50 }, "service_date": "2026-02-01" });
        served.post(&ana, &format!("/v1/associations/{a}/hours"), &hours).expect(201);
        let hours = json!({ "contribution": { "person": delegate, "minutes": 5 }, "service_date": "2026-02-01" });
        served.post(&ana, &format!("/v1/associations/{a}/hours"), &hours).expect(201);

        let invitation = served.post(&served.operator, &format!("/v1/persons/{vera}/invitations"), &json!({}));
        let secret = invitation.expect(201).field("secret");
        let chosen = json!({ "secret": secret, "email": "vera@example.org", "password": "correct horse battery" });
        served.call("POST", "/v1/invitations/accept").json(&chosen).send().expect(204);
        let typed = json!({ "email": "vera@example.org", "password": "correct horse battery" });
        let session = served.call("POST", "/v1/sessions").json(&typed).send().expect(201).field("token");

        let me = served.get(&session, "/v1/me").expect(200).json();
        assert_eq!((&me["person"], &me["acting_for"], &me["roles"]), (&json!(vera), &json!("oneself"), &json!([])));
        let person = served.get(&session, &format!("/v1/persons/{vera}")).expect(200).json();
        assert_eq!((&person["code"], &person["associations"]), (&json!("VER"), &json!([a])));
        let own = served.get(&session, "/v1/me/hours").expect(200).json();
        assert_eq!(own["items"].as_array().unwrap().len(), 1, "hers alone: {own}");
        assert_eq!((&own["items"][0]["minutes"], &own["items"][0]["association"]), (&json!(50), &json!(a)));
        assert_eq!(served.get(&session, "/v1/me/recognitions").expect(200).json()["items"], json!([]));
        // A delegate has hours of their own as well.
        assert_eq!(served.get(&ana, "/v1/me/hours").expect(200).json()["items"][0]["minutes"], 5);

        for (path, problem) in [
            (format!("/v1/persons/{delegate}"), "belongs-to-others"),
            ("/v1/persons".to_owned(), "role-does-not-allow"),
            ("/v1/exchanges".to_owned(), "role-does-not-allow"),
            ("/v1/events".to_owned(), "role-does-not-allow"),
            (format!("/v1/associations/{a}/balance"), "role-does-not-allow"),
        ] {
            assert_eq!(served.get(&session, &path).expect(403).problem(), problem, "{path}");
        }
        served.call("DELETE", "/v1/sessions/current").token(&session).send().expect(204);
        served.get(&session, "/v1/me").expect(401);
    }
}

#[test]
fn a_delegate_of_two_says_for_whom_only_where_it_is_not_plain() {
    for sandbox in both() {
        let served = Served::fresh(sandbox);
        let (a, b, c) = (served.association("Chorale"), served.association("Fanfare"), served.association("Judo"));
        let (two, token) = served.person("TWO", "delegate", Some(&a));
        served.give_role(&two, "delegate", Some(&c));
        let (_, bob) = served.person("BOB", "delegate", Some(&b));
        let proposed = served.propose(&bob, &b, &a, 60);
        let contact = |association: &str| {
            let member = served.get(&token, &format!("/v1/associations/{association}")).expect(200);
            member.json().get("contact").is_some()
        };
        assert_eq!((contact(&a), contact(&b)), (true, false));
        for (path, problem) in [
            ("/v1/me".to_owned(), None),
            ("/v1/policy".to_owned(), None),
            (format!("/v1/persons/{two}"), None),
            (format!("/v1/associations/{a}/balance"), None),
            (format!("/v1/associations/{b}/balance"), Some("belongs-to-others")),
            (format!("/v1/exchanges?association={c}"), None),
            (format!("/v1/exchanges/{proposed}"), None),
            ("/v1/exchanges".to_owned(), Some("say-for-whom")),
            ("/v1/persons".to_owned(), Some("say-for-whom")),
        ] {
            let reply = served.get(&token, &path);
            let found = (reply.status != 200).then(|| reply.problem());
            assert_eq!(found.as_deref(), problem, "{path}: {reply:?}");
        }
        served.post(&token, &format!("/v1/exchanges/{proposed}/confirm"), &json!({})).expect(200);
        assert_eq!(served.balance(&a), -60);
        // The body names one of theirs, or both.
        served.propose(&token, &c, &b, 15);
        let both = json!({ "giver": a, "receiver": c, "minutes": 15, "service_date": "2026-03-14" });
        assert_eq!(served.post(&token, "/v1/exchanges", &both).expect(400).problem(), "say-for-whom");
        let gift = json!({ "from": a, "to": c, "minutes": 5, "reason": "gift" });
        served.post(&token, "/v1/transfers", &gift).expect(201);
        served.call("DELETE", "/v1/sessions/current").token(&token).send().expect(204);
        served.assert_sound();
    }
}

#[test]
fn one_person_with_several_roles_says_for_whom_they_act() {
    for sandbox in both() {
        let served = Served::fresh(sandbox);
        let (a, b) = (served.association("Chorale"), served.association("Fanfare"));
        let (ana, ana_token) = served.person("ANA", "delegate", Some(&a));
        let role = json!({ "role": "delegate", "association": b });
        served.post(&served.operator, &format!("/v1/persons/{ana}/roles"), &role).expect(200);
        let body = json!({ "giver": a, "receiver": b, "minutes": 60, "service_date": "2026-03-14" });
        let unsaid = served.post(&ana_token, "/v1/exchanges", &body).expect(400);
        assert_eq!(unsaid.problem(), "say-for-whom");
        let said = |association: &str, path: &str, body: &serde_json::Value| {
            let call = served.call("POST", path).token(&ana_token).json(body);
            call.header("coudemain-acting-for", &format!("association:{association}")).send()
        };
        let exchange = said(&a, "/v1/exchanges", &body).expect(201).field("id");
        // The proposer never confirms for the other side, even with both roles.
        let confirmed = said(&b, &format!("/v1/exchanges/{exchange}/confirm"), &json!({})).expect(403);
        assert_eq!(confirmed.problem(), "proposer-may-not-answer");
        let unheld =
            served.call("POST", "/v1/exchanges").token(&ana_token).header("coudemain-acting-for", "coordinator");
        assert_eq!(unheld.json(&body).send().expect(403).problem(), "acting-for-is-not-held");
        // A token may be made for one of them alone.
        let call = served.call("POST", "/v1/tokens").token(&ana_token);
        let call = call.header("coudemain-acting-for", &format!("association:{b}"));
        let make = json!({ "label": "x", "scopes": ["read"], "acting_for": format!("association:{b}") });
        let only = call.json(&make).send().expect(201).field("token");
        served.get(&only, &format!("/v1/associations/{b}/balance")).expect(200);
        served.get(&only, &format!("/v1/associations/{a}/balance")).expect(403);
    }
}

#[test]
fn the_last_one_in_charge_stays_until_another_takes_over() {
    for sandbox in both() {
        let served = Served::fresh(sandbox);
        let a = served.association("Chorale");
        let (old, old_token) = served.person("OLD", "administrator", Some(&a));
        let set = |token: &str, person: &str, is_held: bool| {
            let body = json!({ "role": "administrator", "association": a, "is_held": is_held });
            served.post(token, &format!("/v1/persons/{person}/roles"), &body)
        };
        assert_eq!(set(&old_token, &old, false).expect(409).problem(), "last-one-in-charge");
        let (new, new_token) = served.person("NEW", "delegate", Some(&a));
        set(&new_token, &new, true).expect(403);
        set(&old_token, &new, true).expect(200);
        set(&new_token, &old, false).expect(200);
        // Their token ended with the role.
        set(&old_token, &new, false).expect(401);

        let (first, first_token) = served.person("CO1", "coordinator", None);
        let revoke = json!({ "role": "coordinator", "is_held": false });
        let path = format!("/v1/persons/{first}/roles");
        assert_eq!(served.post(&first_token, &path, &revoke).expect(409).problem(), "last-one-in-charge");
        let (_, second_token) = served.person("CO2", "coordinator", None);
        served.post(&second_token, &path, &revoke).expect(200);
        served.get(&first_token, "/v1/balances").expect(401);
        served.assert_sound();
    }
}

#[test]
fn one_network_never_sees_another() {
    for sandbox in both() {
        let served = Served::fresh(sandbox);
        let a = served.association("Chorale");
        let b = served.association("Fanfare");
        let exchange = served.propose(&served.operator, &a, &b, 60);
        done(&served.sandbox.run("init 'Autre pays' --another"));
        let stranger = token(&served.sandbox, "--network 'Autre pays'");
        assert_eq!(served.get(&stranger, "/v1/associations").expect(200).json()["items"], json!([]));
        for path in [
            format!("/v1/associations/{a}"),
            format!("/v1/associations/{a}/balance"),
            format!("/v1/exchanges/{exchange}"),
            format!("/v1/acts/{a}"),
            format!("/v1/persons/{a}"),
        ] {
            served.get(&stranger, &path).expect(404);
        }
        let body = json!({ "giver": a, "receiver": b, "minutes": 60, "service_date": "2026-03-14" });
        assert_eq!(served.post(&stranger, "/v1/exchanges", &body).expect(422).problem(), "name-is-unknown");
        served.post(&stranger, &format!("/v1/exchanges/{exchange}/confirm"), &json!({ "reason": "x" })).expect(404);
    }
}

#[test]
fn two_who_edit_do_not_overwrite_each_other() {
    for sandbox in both() {
        let served = Served::fresh(sandbox);
        let a = served.association("Chorale");
        let (_, ana) = served.person("ANA", "delegate", Some(&a));
        let body = json!({ "kind": "need", "description": "Un barnum" });
        let notice = served.post(&ana, "/v1/notices", &body).expect(201).field("id");
        let path = format!("/v1/notices/{notice}");
        let tag = served.get(&ana, &path).expect(200).header("etag").unwrap().to_owned();
        let change = |text: &str, key: &str| {
            let call = served.call("PUT", &path).token(&ana).header("if-match", &tag).key(key);
            call.json(&json!({ "description": text, "is_open": true })).send()
        };
        change("Deux barnums", "one").expect(200);
        change("Trois barnums", "two").expect(412);
        change("Deux barnums", "one").expect(200);
        assert_eq!(served.get(&ana, &path).expect(200).field("description"), "Deux barnums");

        let policy = served.get(&ana, "/v1/policy").expect(200);
        let tag = policy.header("etag").unwrap().to_owned();
        let adopt = |step: u32| {
            let call = served.call("PUT", "/v1/policy").token(&served.operator).header("if-match", &tag);
            let body = json!({ "step_minutes": step, "answer_within_days": 30, "limits": {}, "decision": "AG" });
            call.json(&body).send()
        };
        adopt(5).expect(200);
        adopt(10).expect(412);
        assert_eq!(served.get(&ana, "/v1/policy").expect(200).json()["step_minutes"], 5);

        // In whatever order its registrations were told.
        let registrations =
            json!([{ "kind": "siren", "value": "732829320" }, { "kind": "rna", "value": "W353000001" }]);
        let body = json!({ "name": "Judo", "identifiers": registrations });
        let b = served.post(&served.operator, "/v1/associations", &body).expect(201).field("id");
        let path = format!("/v1/associations/{b}");
        let put = |part: &str, tag: &str, body: Value| {
            let call = served.call("PUT", &format!("{path}/{part}")).token(&served.operator).header("if-match", tag);
            call.json(&body).send()
        };
        let tag = || served.get(&served.operator, &path).expect(200).header("etag").unwrap().to_owned();
        let first = tag();
        put("name", &first, json!({ "name": "Judo club" })).expect(200);
        put("name", &first, json!({ "name": "Dojo" })).expect(412);
        put("identifiers", &tag(), json!({ "kind": "rna", "value": "W353000002" })).expect(200);
        put("limits", &tag(), json!({ "limits": { "soft_floor": -600 }, "decision": "AG" })).expect(200);
        put("name", &tag(), json!({ "name": "Dojo" })).expect(200);
    }
}

#[test]
fn a_registration_may_be_told_later_and_mended() {
    for sandbox in both() {
        let served = Served::fresh(sandbox);
        let (a, b) = (served.association("Chorale"), served.association("Fanfare"));
        let tell = |association: &str, siren: &str| {
            let body = json!({ "kind": "siren", "value": siren });
            served.put(&served.operator, &format!("/v1/associations/{association}/identifiers"), &body)
        };
        tell(&a, "732829320").expect(200);
        tell(&a, "116979006").expect(200);
        assert_eq!(tell(&b, "116979006").expect(409).problem(), "identifier-is-taken");
        tell(&b, "732829320").expect(200);
        assert_eq!(tell(&b, "116979007").expect(422).field("field"), "identifiers");
        let shown = served.get(&served.operator, &format!("/v1/associations/{a}")).expect(200).json();
        assert_eq!(shown["identifiers"], json!([{ "kind": "siren", "value": "116979006" }]));
        // Two of one kind, as some have, which one takes the place of.
        let two = json!([{ "kind": "rna", "value": "W353000001" }, { "kind": "rna", "value": "W353000002" }]);
        let body = json!({ "name": "Judo", "identifiers": two });
        let c = served.post(&served.operator, "/v1/associations", &body).expect(201).field("id");
        served.assert_sound();
        let body = json!({ "kind": "rna", "value": "W353000003" });
        served.put(&served.operator, &format!("/v1/associations/{c}/identifiers"), &body).expect(200);
        served.assert_sound();
    }
}
