//! How somebody could come by rights that are not theirs, step by step, and what stands in the way at each.

use serde_json::{Value, json};

use super::served::{Reply, Served, by_hand, eventually, serve, token};
use crate::command::{Sandbox, both};
use crate::twins::{done, says};

const PASSWORD: &str = "correct horse battery";

/// An association with an administrator, in a network with a coordinator.
struct Network {
    served: Served,
    association: String,
    /// The administrator's name and token.
    administrator: (String, String),
    coordinator: String,
}

impl Network {
    fn on(sandbox: Sandbox) -> Self {
        let served = Served::fresh(sandbox);
        let association = served.association("Chorale");
        let administrator = served.person("ADM", "administrator", Some(&association));
        let (_, coordinator) = served.person("COO", "coordinator", None);
        Self { served, association, administrator, coordinator }
    }

    fn invite(&self, token: &str, person: &str) -> Reply {
        self.served.post(token, &format!("/v1/persons/{person}/invitations"), &json!({}))
    }

    fn follow(&self, secret: &str, email: &str, password: &str) -> Reply {
        let body = json!({ "secret": secret, "email": email, "password": password });
        self.served.call("POST", "/v1/invitations/accept").json(&body).send()
    }

    fn sign_in(&self, email: &str, password: &str) -> Reply {
        let body = json!({ "email": email, "password": password });
        self.served.call("POST", "/v1/sessions").json(&body).send()
    }

    /// Invites and signs in; returns the session's token.
    fn session(&self, inviter: &str, person: &str, email: &str) -> String {
        let secret = self.invite(inviter, person).expect(201).field("secret");
        self.follow(&secret, email, PASSWORD).expect(204);
        self.sign_in(email, PASSWORD).expect(201).field("token")
    }

    fn set_role(&self, token: &str, person: &str, body: &Value) -> Reply {
        self.served.post(token, &format!("/v1/persons/{person}/roles"), body)
    }

    fn events(&self, token: &str) -> Vec<String> {
        let events = self.served.get(token, "/v1/me/access-events").expect(200).json();
        let items = events["items"].as_array().unwrap();
        items.iter().map(|event| event["kind"].as_str().unwrap().to_owned()).collect()
    }

    fn members(&self, path: &str) -> String {
        format!("/v1/associations/{}/{path}", self.association)
    }
}

fn on_both(test: impl Fn(Network)) {
    both().into_iter().map(Network::on).for_each(test);
}

#[test]
fn an_administrator_takes_nobody_in_who_did_not_say_yes() {
    on_both(|network| {
        let Network { served, association, administrator: (_, administrator), .. } = &network;
        let stranger = served.enrolled("VIC", None);
        let enrol = json!({ "association": association });
        let path = format!("/v1/persons/{stranger}/memberships");
        assert_eq!(served.post(administrator, &path, &enrol).expect(403).problem(), "role-does-not-allow");
        let role = json!({ "role": "delegate", "association": association });
        assert_eq!(network.set_role(administrator, &stranger, &role).expect(403).problem(), "belongs-to-others");
        assert_eq!(network.invite(administrator, &stranger).expect(403).problem(), "belongs-to-others");
        // What is not theirs looks alike whether it holds a role or none, and says nothing of who it is.
        let path = format!("/v1/persons/{stranger}");
        assert_eq!(served.get(administrator, &path).expect(403).problem(), "belongs-to-others");
        let listed = served.get(administrator, "/v1/persons").expect(200).json();
        assert_eq!(listed["items"].as_array().unwrap().len(), 1, "{listed}");
        served.assert_sound();
    });
}

#[test]
fn whoever_gives_an_association_their_code_belongs_to_it_and_is_seen_from_then_on() {
    on_both(|network| {
        let Network { served, association, administrator: (_, administrator), .. } = &network;
        let (person, token) = served.volunteer("VIC", None);
        let other = served.association("Judo");
        let (_, of_other) = served.person("JUD", "administrator", Some(&other));
        let ask = json!({ "association": association });
        let code = served.post(&token, "/v1/me/joining-codes", &ask).expect(201).field("code");
        // It is for this association, and whoever speaks for it.
        let given = json!({ "code": code.to_lowercase().replace('-', " ") });
        let at_other = served.post(&of_other, &format!("/v1/associations/{other}/members"), &given);
        assert_eq!(at_other.expect(409).problem(), "joining-does-not-work");
        served.post(&of_other, &network.members("members"), &given).expect(403);
        served.get(administrator, &format!("/v1/persons/{person}")).expect(403);

        let give = |key: &str| {
            served.call("POST", &network.members("members")).token(administrator).key(key).json(&given).send()
        };
        let first = give("one").expect(200);
        assert_eq!(first.field("person"), person);
        assert_eq!(give("one").expect(200).json(), first.json(), "a repeat");
        served.get(administrator, &format!("/v1/persons/{person}")).expect(200);
        // A code is good for once: whoever asks again is told the same, and nothing else comes of it.
        assert_eq!(give("two").expect(200).json(), first.json());
        let wrong = served.post(administrator, &network.members("members"), &json!({ "code": "0000-0000-0000" }));
        assert_eq!(wrong.expect(409).problem(), "joining-does-not-work");
        // Now they may be given a role of the association.
        let role = json!({ "role": "delegate", "association": association });
        network.set_role(administrator, &person, &role).expect(200);
        served.assert_sound();
    });
}

#[test]
fn whoever_follows_an_associations_link_belongs_to_it_while_its_maker_may_say_so() {
    on_both(|network| {
        let Network { served, association, administrator: (name, administrator), coordinator } = &network;
        let make = || served.post(administrator, &network.members("joining-links"), &json!({})).expect(201);
        let follow = |token: &str, secret: &str| served.post(token, "/v1/me/memberships", &json!({ "secret": secret }));
        let (one, two) = (served.volunteer("ONE", None), served.volunteer("TWO", None));
        let link = make();
        let secret = link.field("secret");
        assert!(link.field("link").ends_with(&format!("/joining#{secret}")));
        follow(&one.1, &secret).expect(200);
        served.get(administrator, &format!("/v1/persons/{}", one.0)).expect(200);
        assert_eq!(follow(&one.1, &secret).expect(409).problem(), "person-is-enrolled");
        // Taken back, it is good for nobody.
        let path = network.members(&format!("joining-links/{}", link.field("id")));
        served.call("DELETE", &path).token(administrator).send().expect(204);
        assert_eq!(follow(&two.1, &secret).expect(409).problem(), "joining-does-not-work");
        // Nor is that of somebody who no longer is in charge.
        let secret = make().field("secret");
        served.person("NEW", "administrator", Some(association));
        let revoke = json!({ "role": "administrator", "association": association, "is_held": false });
        network.set_role(coordinator, name, &revoke).expect(200);
        assert_eq!(follow(&two.1, &secret).expect(409).problem(), "joining-does-not-work");
        // Where a link leads without a person's yes, nobody is led.
        let code = served.post(&two.1, "/v1/me/joining-codes", &json!({ "association": association }));
        let code = code.expect(201).field("code");
        assert_eq!(follow(&one.1, &code).expect(409).problem(), "joining-does-not-work");
        served.assert_sound();
    });
}

#[test]
fn a_kept_link_opens_nothing_once_its_person_has_a_role_of_the_network() {
    on_both(|network| {
        let Network { served, association, administrator: (_, administrator), coordinator } = &network;
        let person = served.enrolled("VIC", Some(association));
        let kept = network.invite(administrator, &person).expect(201).field("secret");
        network.set_role(coordinator, &person, &json!({ "role": "coordinator" })).expect(200);
        assert_eq!(
            network.follow(&kept, "thief@example.org", PASSWORD).expect(409).problem(),
            "invitation-does-not-work"
        );
        assert_eq!(network.invite(administrator, &person).expect(403).problem(), "belongs-to-others");
        network.session(coordinator, &person, "victor@example.org");
        served.assert_sound();
    });
}

#[test]
fn a_password_that_an_administrator_may_know_ends_with_a_role_that_they_could_not_give() {
    on_both(|network| {
        let Network { served, association, administrator: (_, administrator), coordinator } = &network;
        let other = served.association("Judo");
        for (code, role, kind) in [
            ("VIC", json!({ "role": "coordinator" }), "network_role_given"),
            ("WIM", json!({ "role": "delegate", "association": other }), "other_role_given"),
        ] {
            let person = served.enrolled(code, Some(association));
            let email = format!("{code}@example.org");
            // The administrator follows the link themselves.
            let stolen = network.session(administrator, &person, &email);
            let make = json!({ "label": "for ten years", "scopes": ["manage"], "days": 3650 });
            let kept = served.post(&stolen, "/v1/tokens", &make).expect(201).field("token");
            // A role of their own association changes nothing about that.
            let own = json!({ "role": "delegate", "association": association });
            network.set_role(administrator, &person, &own).expect(200);
            served.get(&stolen, "/v1/me").expect(200);
            network.set_role(coordinator, &person, &role).expect(200);
            for token in [&stolen, &kept] {
                assert_eq!(served.get(token, "/v1/me").expect(401).problem(), "token-does-not-hold", "{code}");
            }
            assert_eq!(network.sign_in(&email, PASSWORD).expect(401).problem(), "sign-in-failed", "{code}");
            // The network lets the person in, who is told.
            let session = network.session(coordinator, &person, &email);
            assert_eq!(network.events(&session)[1], kind);
        }
        served.assert_sound();
    });
}

#[test]
fn a_link_of_the_network_is_good_for_any_role() {
    on_both(|network| {
        let Network { served, association, coordinator, .. } = &network;
        let person = served.enrolled("VIC", None);
        let session = network.session(coordinator, &person, "vic@example.org");
        network.set_role(coordinator, &person, &json!({ "role": "delegate", "association": association })).expect(200);
        served.get(&session, "/v1/me").expect(200);
        network.set_role(coordinator, &person, &json!({ "role": "auditor" })).expect(200);
        served.get(&session, "/v1/me").expect(401);
        let session = network.sign_in("vic@example.org", PASSWORD).expect(201).field("token");
        assert_eq!(network.events(&session), ["network_role_given", "password_set"]);
    });
}

#[test]
fn a_link_changes_no_address_and_an_association_hands_none_to_who_signs_in() {
    on_both(|network| {
        let Network { served, association, administrator: (_, administrator), coordinator } = &network;
        let person = served.enrolled("VIC", Some(association));
        let kept: Vec<String> =
            (0..2).map(|_| network.invite(administrator, &person).expect(201).field("secret")).collect();
        network.follow(&kept[0], "vic@example.org", PASSWORD).expect(204);
        // The other one ended with it, and no further one is made.
        assert_eq!(network.follow(&kept[1], "vic@example.org", "another long one").expect(409).status, 409);
        assert_eq!(network.invite(administrator, &person).expect(409).problem(), "signs-in-already");
        // The network's link sets another password, for the same address.
        let secret = network.invite(coordinator, &person).expect(201).field("secret");
        let moved = network.follow(&secret, "thief@example.org", "another long one").expect(409);
        assert_eq!((moved.problem(), moved.field("field")), ("email-stays".to_owned(), "email".to_owned()));
        network.follow(&secret, "VIC@example.org", "another long one").expect(204);
        network.sign_in("vic@example.org", PASSWORD).expect(401);
        network.sign_in("vic@example.org", "another long one").expect(201);
    });
}

#[test]
fn the_inviters_right_is_looked_at_again_when_a_link_is_followed() {
    on_both(|network| {
        let Network { served, association, administrator: (name, administrator), coordinator } = &network;
        let (one, two) = (served.enrolled("ONE", Some(association)), served.enrolled("TWO", Some(association)));
        let [to_one, to_two] =
            [&one, &two].map(|person| network.invite(administrator, person).expect(201).field("secret"));
        // One of them gets a role elsewhere.
        let other = served.association("Judo");
        network.set_role(coordinator, &one, &json!({ "role": "delegate", "association": other })).expect(200);
        network.follow(&to_one, "one@example.org", PASSWORD).expect(409);
        // And the administrator is dismissed.
        served.person("NEW", "administrator", Some(association));
        let revoke = json!({ "role": "administrator", "association": association, "is_held": false });
        network.set_role(coordinator, name, &revoke).expect(200);
        assert_eq!(
            network.follow(&to_two, "two@example.org", PASSWORD).expect(409).problem(),
            "invitation-does-not-work"
        );
    });
}

#[test]
fn a_new_password_ends_what_was_open_before() {
    on_both(|network| {
        let Network { served, association, coordinator, .. } = &network;
        let person = served.enrolled("VIC", Some(association));
        let session = network.session(coordinator, &person, "vic@example.org");
        let make = json!({ "label": "x", "scopes": ["read"] });
        let made = served.post(&session, "/v1/tokens", &make).expect(201).field("token");
        let on_the_command_line = token(&served.sandbox, "--as VIC");
        let kept = network.invite(coordinator, &person).expect(201).field("secret");
        let secret = network.invite(coordinator, &person).expect(201).field("secret");
        network.follow(&secret, "vic@example.org", "another long one").expect(204);
        for ended in [&session, &made, &on_the_command_line] {
            served.get(ended, "/v1/me").expect(401);
        }
        network.follow(&kept, "vic@example.org", PASSWORD).expect(409);
        let session = network.sign_in("vic@example.org", "another long one").expect(201).field("token");
        assert_eq!(network.events(&session), ["password_set", "password_set"]);
    });
}

#[test]
fn a_token_never_outlives_or_exceeds_the_one_it_was_made_with() {
    on_both(|network| {
        let Network { served, administrator: (_, administrator), .. } = &network;
        let make = |with: &str, days: u32, scopes: &[&str]| {
            served.post(with, "/v1/tokens", &json!({ "label": "x", "scopes": scopes, "days": days }))
        };
        let first = make(administrator, 10, &["read", "manage"]).expect(201).json();
        let text = |made: &Value| made["token"].as_str().unwrap().to_owned();
        let second = make(&text(&first), 3650, &["read", "manage"]).expect(201).json();
        assert_eq!(second["expires_at"], first["expires_at"]);
        assert_eq!(make(&text(&first), 1, &["write"]).expect(403).problem(), "scope-is-missing");
        let third = make(&text(&second), 3650, &["read"]).expect(201).json();
        // Taken back, it takes along what was made with it, and what was made with that; not what it was made with.
        let path = format!("/v1/tokens/{}", first["id"].as_str().unwrap());
        served.call("DELETE", &path).token(administrator).send().expect(204);
        for ended in [&first, &second, &third] {
            served.get(&text(ended), "/v1/me").expect(401);
        }
        served.get(administrator, "/v1/me").expect(200);
    });
}

#[test]
fn a_token_made_in_a_session_lives_until_its_own_end_or_its_persons_role_ends() {
    on_both(|network| {
        let Network { served, association, coordinator, .. } = &network;
        let other = served.association("Judo");
        let person = served.enrolled("VIC", Some(association));
        for of in [association, &other] {
            network.set_role(coordinator, &person, &json!({ "role": "delegate", "association": of })).expect(200);
        }
        let session = network.session(coordinator, &person, "vic@example.org");
        let make = |acting_for: &Value| {
            let body = json!({ "label": "x", "scopes": ["read"], "acting_for": acting_for });
            served.post(&session, "/v1/tokens", &body).expect(201).field("token")
        };
        let for_any = make(&Value::Null);
        let for_other = make(&json!(format!("association:{other}")));
        served.call("DELETE", "/v1/sessions/current").token(&session).send().expect(204);
        served.get(&for_any, "/v1/me").expect(200);
        let revoke = json!({ "role": "delegate", "association": association, "is_held": false });
        network.set_role(coordinator, &person, &revoke).expect(200);
        served.get(&for_any, "/v1/me").expect(401);
        served.get(&for_other, "/v1/me").expect(200);
        // Given again, the role revives nothing.
        network.set_role(coordinator, &person, &json!({ "role": "delegate", "association": association })).expect(200);
        served.get(&for_any, "/v1/me").expect(401);
    });
}

#[test]
fn a_dismissed_administrators_webhooks_stop() {
    on_both(|network| {
        let Network { served, association, administrator: (name, administrator), coordinator } = &network;
        let add = json!({ "url": "https://example.org/x", "association": association });
        let webhook = served.post(administrator, "/v1/webhooks", &add).expect(201).field("id");
        served.person("NEW", "administrator", Some(association));
        let revoke = json!({ "role": "administrator", "association": association, "is_held": false });
        network.set_role(coordinator, name, &revoke).expect(200);
        let shown = served.get(coordinator, &format!("/v1/webhooks/{webhook}")).expect(200);
        assert_eq!(shown.field("state"), "paused");
    });
}

#[test]
fn grave_steps_ask_whoever_signed_in_long_ago_for_the_password() {
    on_both(|network| {
        let Network { served, association, coordinator, .. } = &network;
        let person = served.enrolled("VIC", Some(association));
        network
            .set_role(coordinator, &person, &json!({ "role": "administrator", "association": association }))
            .expect(200);
        let session = network.session(coordinator, &person, "vic@example.org");
        let make = || served.post(&session, "/v1/tokens", &json!({ "label": "x", "scopes": ["read"] }));
        make().expect(201);
        by_hand(
            &served.sandbox.database,
            "UPDATE access_token SET signed_in_at = signed_in_at - 3600000000 WHERE kind = 'session'",
        );
        // What is known of a session is known for a moment.
        eventually("the session is old", || make().status == 403);
        assert_eq!(make().expect(403).problem(), "sign-in-again");
        let again = |password: &str| {
            let call = served.call("POST", "/v1/sessions/current/sign-in-again").token(&session);
            call.json(&json!({ "password": password })).send()
        };
        assert_eq!(again("not the password").expect(401).problem(), "sign-in-failed");
        make().expect(403);
        // Everyday steps ask for nothing.
        served.get(&session, "/v1/me").expect(200);
        again(PASSWORD).expect(204);
        make().expect(201);
    });
}

#[test]
fn guessing_keeps_no_owner_out() {
    on_both(|network| {
        let Network { served, association, coordinator, .. } = &network;
        let person = served.enrolled("VIC", Some(association));
        network.session(coordinator, &person, "vic@example.org");
        let statuses: Vec<_> = std::thread::scope(|scope| {
            let guesses: Vec<_> =
                (0..40).map(|_| scope.spawn(|| network.sign_in("vic@example.org", "a wrong one").status)).collect();
            // In the midst of it.
            let owner = scope.spawn(|| network.sign_in("vic@example.org", PASSWORD).status);
            assert_eq!(owner.join().unwrap(), 201);
            guesses.into_iter().map(|guess| guess.join().unwrap()).collect()
        });
        assert!(statuses.iter().all(|status| *status == 401), "{statuses:?}");
        network.sign_in("vic@example.org", PASSWORD).expect(201);
    });
}

#[test]
fn an_address_in_two_networks_is_asked_which_once_the_password_is_right() {
    on_both(|network| {
        let Network { served, association, coordinator, .. } = &network;
        let person = served.enrolled("VIC", Some(association));
        network.session(coordinator, &person, "vic@example.org");
        done(&served.sandbox.run("init 'Autre pays' --another"));
        let operator = token(&served.sandbox, "--network 'Autre pays'");
        let there = served.post(&operator, "/v1/persons", &json!({ "code": "VIC" })).expect(201).field("id");
        let secret = network.invite(&operator, &there).expect(201).field("secret");
        network.follow(&secret, "vic@example.org", PASSWORD).expect(204);
        assert_eq!(network.sign_in("vic@example.org", "a wrong one").expect(401).problem(), "sign-in-failed");
        let asked = network.sign_in("vic@example.org", PASSWORD).expect(409);
        assert_eq!(asked.problem(), "say-which-network");
        assert!(asked.field("detail").contains("Autre pays"), "{asked:?}");
        for name in asked.json()["fits"].as_array().unwrap() {
            let body = json!({ "email": "vic@example.org", "password": PASSWORD, "network": name });
            let session = served.call("POST", "/v1/sessions").json(&body).send().expect(201).field("token");
            assert_eq!(served.get(&session, "/v1/me").expect(200).json()["network"], *name);
        }
        // Another password tells them apart.
        let secret = network.invite(&operator, &there).expect(201).field("secret");
        network.follow(&secret, "vic@example.org", "another long one").expect(204);
        assert_eq!(network.sign_in("vic@example.org", PASSWORD).expect(201).field("person"), person);
        assert_eq!(network.sign_in("vic@example.org", "another long one").expect(201).field("person"), there);
    });
}

#[test]
fn whoever_has_a_session_can_end_it() {
    on_both(|network| {
        let Network { served, association, coordinator, .. } = &network;
        let other = served.association("Judo");
        for (code, roles) in [("NON", vec![]), ("ONE", vec![association]), ("TWO", vec![association, &other])] {
            let person = served.enrolled(code, None);
            for of in roles {
                network.set_role(coordinator, &person, &json!({ "role": "delegate", "association": of })).expect(200);
            }
            let session = network.session(coordinator, &person, &format!("{code}@example.org"));
            let call = served.call("DELETE", "/v1/sessions/current").token(&session);
            // Whatever they say they act as.
            call.header("coudemain-acting-for", "coordinator").send().expect(204);
            served.get(&session, "/v1/me").expect(401);
        }
    });
}

#[test]
fn restoring_revives_nothing_that_opened_the_network() {
    on_both(|network| {
        let Network { served, association, administrator: (_, administrator), coordinator } = &network;
        let (one, two) = (served.enrolled("ONE", Some(association)), served.enrolled("TWO", Some(association)));
        let session = network.session(coordinator, &one, "one@example.org");
        let link = network.invite(coordinator, &two).expect(201).field("secret");
        let ask = json!({ "association": association });
        let code = served.post(&session, "/v1/me/joining-codes", &ask).expect(201).field("code");
        let add = json!({ "url": "https://example.org/x", "association": association });
        let webhook = served.post(administrator, "/v1/webhooks", &add).expect(201).field("id");
        done(&served.sandbox.run("backup all.backup"));
        let elsewhere =
            if served.sandbox.database.starts_with("postgres") { Sandbox::postgres() } else { Sandbox::sqlite() };
        let backup = served.sandbox.path("all.backup");
        let said = elsewhere.run(&format!("restore {} --head unknown --lang en", backup.display()));
        says(&said, 0, "3 tokens, 1 session, 4 links and codes; resting: 1 webhook.");

        let (process, address) = serve(&elsewhere, "");
        let operator = token(&elsewhere, "");
        let restored = Served { sandbox: elsewhere, address, second_address: None, operator, process };
        for ended in [&session, administrator, coordinator, &served.operator] {
            restored.get(ended, "/v1/me").expect(401);
        }
        let body = json!({ "secret": link, "email": "two@example.org", "password": PASSWORD });
        restored.call("POST", "/v1/invitations/accept").json(&body).send().expect(409);
        let given = restored.post(&restored.operator, &network.members("members"), &json!({ "code": code }));
        assert_eq!(given.expect(409).problem(), "joining-does-not-work");
        let shown = restored.get(&restored.operator, &format!("/v1/webhooks/{webhook}")).expect(200);
        assert_eq!(shown.field("state"), "paused");
        // Who has a password signs in with it.
        let body = json!({ "email": "one@example.org", "password": PASSWORD });
        restored.call("POST", "/v1/sessions").json(&body).send().expect(201);
    });
}

#[test]
fn a_key_names_one_thing_whatever_kind() {
    on_both(|network| {
        let Network { served, association, .. } = &network;
        let other = served.association("Judo");
        let (_, token) = served.person("DEL", "delegate", Some(association));
        let help = json!({ "giver": association, "receiver": other, "minutes": 60, "service_date": "2026-03-14" });
        let notice = json!({ "kind": "offer", "description": "Un barnum" });
        let send =
            |path: &str, key: &str, body: &Value| served.call("POST", path).token(&token).key(key).json(body).send();
        let used = "key-was-used-for-another-request";
        let exchange = send("/v1/exchanges", "one", &help).expect(201);
        assert_eq!(send("/v1/notices", "one", &notice).expect(422).problem(), used);
        let kept = send("/v1/notices", "two", &notice).expect(201);
        assert_eq!(send("/v1/exchanges", "two", &help).expect(422).problem(), used);
        let batch = served.call("POST", "/v1/exchanges/batch").token(&token).key("two").json(&json!([help])).send();
        assert!(batch.status == 422 || batch.json()[0]["status"] == 422, "{batch:?}");
        // Each is answered again as it was.
        assert_eq!(send("/v1/exchanges", "one", &help).expect(201).field("id"), exchange.field("id"));
        assert_eq!(send("/v1/notices", "two", &notice).expect(201).field("id"), kept.field("id"));
        // Another caller's keys are their own.
        served.call("POST", "/v1/exchanges").token(&served.operator).key("two").json(&help).send().expect(201);
        // At once, one of the two is written.
        for round in 0..20 {
            let key = format!("at once {round}");
            let (first, second) = std::thread::scope(|scope| {
                let first = scope.spawn(|| send("/v1/exchanges", &key, &help).status);
                let second = scope.spawn(|| send("/v1/notices", &key, &notice).status);
                (first.join().unwrap(), second.join().unwrap())
            });
            assert!(matches!((first, second), (201, 422) | (422, 201)), "{first} {second}");
        }
        served.assert_sound();
    });
}
