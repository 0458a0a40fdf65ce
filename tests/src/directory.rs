//! How networks are found, and that each is found by a key of its own however many there are.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use chrono::TimeDelta;
use ledger::clock::CountedSecrets;
use ledger::command::{By, Command, Principal};
use ledger::key::{KeyPurpose, PrivateKey};
use ledger::state::Network;
use ledger::{ActNumber, Digest, NetworkId, Rejection};
use store::{
    Change, Kept, NetworkKey, NewCredential, NewInvitation, NewWebhook, Once, Store, StoreError, Turns, WriteError,
};
use uuid::Uuid;

use crate::api::served::{exchange, serve};
use crate::command::both;
use crate::ledger_on::{Database, Ledger, add_association, noon, request};
use crate::twins::done;

/// Founds a network in a database that has one.
async fn found(ledger: &Ledger, number: u128, name: &str) -> NetworkId {
    let uuid = Uuid::from_u128(0x0195_0000_0000_7000_8000_0000_0000_0000 + number);
    let network = Network { uuid, name: name.to_owned(), time_zone: chrono_tz::UTC };
    ledger.store.found(&network, &*ledger.clock, &mut CountedSecrets(0)).await.unwrap()
}

/// What is no act is asked under a key of its own.
fn once(key: &str) -> Once {
    Once {
        scope: "operator".to_owned(),
        key: key.to_owned(),
        request: Digest([0; 32]),
        status: 201,
        body: "{}".to_owned(),
    }
}

async fn keep(ledger: &Ledger, network: NetworkId, key: &str, change: Change) {
    let kept = ledger.store.keep(network, &once(key), &change, noon(2025, 3, 1)).await.unwrap();
    assert_eq!(kept, Kept::Done, "{key}");
}

#[tokio::test]
async fn a_network_is_found_by_all_that_it_is_called() {
    for database in Database::tried() {
        let ledger = Ledger::fresh(database).await;
        let store = &ledger.store;
        let mut ids = vec![ledger.network];
        for (number, name) in [(2, "Entraide du pays ♥"), (3, "Entraide du pays de Vitré"), (4, "助け合い"), (5, "助")]
        {
            ids.push(found(&ledger, number, name).await);
        }
        let listed = store.networks().await.unwrap();
        assert_eq!(listed.iter().map(|entry| entry.id).collect::<Vec<_>>(), ids);
        let slugs: Vec<_> = listed.iter().map(|entry| entry.slug.as_str()).collect();
        let expected = ["entraide-du-pays", "entraide-du-pays-2", "entraide-du-pays-de-vitre", "reseau", "reseau-2"];
        assert_eq!(slugs, expected);
        for entry in &listed {
            for key in [NetworkKey::Uuid(entry.uuid), NetworkKey::Slug(entry.slug.clone())] {
                assert_eq!(store.find_network(&key).await.unwrap().map(|found| found.id), Some(entry.id), "{key:?}");
            }
            let by_number = store.network_numbered(entry.id).await.unwrap().unwrap();
            assert_eq!((by_number.id, by_number.network.uuid), (entry.id, entry.uuid));
        }
        // A heart is no part of a name as it is compared: two networks bear this one.
        let named = async |word: &str| store.network(Some(word)).await.map(|entry| entry.id);
        for (word, id) in [
            ("entraide DU PAYS de vitre", ids[2]),
            ("entraide-du-pays-2", ids[1]),
            ("reseau", ids[3]),
            (&listed[0].uuid.to_string(), ids[0]),
            (&listed[1].uuid.to_string().to_uppercase(), ids[1]),
        ] {
            assert_eq!(named(word).await.unwrap(), id, "{word}");
        }
        let several = named("Entraide du pays").await;
        let Err(StoreError::SeveralNetworks(slugs)) = several else { panic!("{several:?}") };
        assert_eq!(slugs, ["entraide-du-pays", "entraide-du-pays-2"]);
        let unknown = named("Fanfare").await;
        assert!(matches!(&unknown, Err(StoreError::UnknownNetwork(name)) if name == "Fanfare"), "{unknown:?}");
        let any = store.network(None).await;
        assert!(matches!(&any, Err(StoreError::SeveralNetworks(names)) if names.len() == 5), "{any:?}");
        assert_eq!(store.network_numbered(NetworkId(99)).await.unwrap(), None);
        for key in [
            NetworkKey::Uuid(Uuid::max()),
            NetworkKey::Slug("fanfare".into()),
            NetworkKey::Domain("fanfare.example".into()),
        ] {
            assert_eq!(store.find_network(&key).await.unwrap(), None, "{key:?}");
        }
    }
}

#[tokio::test]
async fn a_domain_leads_to_one_network() {
    for database in Database::tried() {
        let ledger = Ledger::fresh(database).await;
        let first = ledger.network;
        let other = found(&ledger, 2, "Entraide de Vitré").await;
        let adopt = |seed, purpose, domain: Option<&str>| Command::AdoptKey {
            purpose,
            key: PrivateKey::from_seed([seed; 32]).public(),
            domain: domain.map(str::to_owned),
        };
        let submit = async |network, seed, purpose, domain| {
            let key = format!("{network} {seed}");
            let asked = request(&key, By::OPERATOR, adopt(seed, purpose, domain));
            ledger.writer.submit(network, asked).await
        };
        let leads_to = async |domain: &str| {
            ledger.store.find_network(&NetworkKey::Domain(domain.to_owned())).await.unwrap().map(|entry| entry.id)
        };
        let credential = KeyPurpose::Credential;
        let is_taken = |answer: &Result<_, WriteError>| match answer {
            Err(WriteError::Rejected(Rejection::DomainIsTaken(domain))) => domain == "reseau.example",
            _ => false,
        };
        submit(first, 1, credential, Some("reseau.example")).await.unwrap();
        assert_eq!(leads_to("reseau.example").await, Some(first));
        for purpose in [credential, KeyPurpose::Checkpoint] {
            let refused = submit(other, 2, purpose, Some("reseau.example")).await;
            assert!(is_taken(&refused), "{refused:?}");
        }
        // The same network goes on with it, and what signs heads of the log leads nowhere else.
        submit(first, 3, credential, Some("reseau.example")).await.unwrap();
        submit(first, 4, KeyPurpose::Checkpoint, Some("journal.example")).await.unwrap();
        assert_eq!((leads_to("reseau.example").await, leads_to("journal.example").await), (Some(first), None));
        // Whoever gives it up leaves it to others.
        submit(first, 5, credential, Some("ailleurs.example")).await.unwrap();
        assert_eq!((leads_to("reseau.example").await, leads_to("ailleurs.example").await), (None, Some(first)));
        submit(other, 6, credential, Some("reseau.example")).await.unwrap();
        submit(first, 7, credential, None).await.unwrap();
        assert_eq!((leads_to("reseau.example").await, leads_to("ailleurs.example").await), (Some(other), None));
        let refused = submit(first, 8, credential, Some("reseau.example")).await;
        assert!(is_taken(&refused), "{refused:?}");
    }
}

#[test]
fn a_domain_answers_with_its_networks_keys() {
    for sandbox in both() {
        done(&sandbox.run("init 'Entraide du pays' --domain reseau.example"));
        let taken = sandbox.run("init 'Entraide de Vitré' --another --domain reseau.example");
        assert_eq!(taken.code, Some(2), "{taken}");
        assert!(taken.stderr.contains("« reseau.example »"), "{taken}");
        done(&sandbox.run("init 'Entraide de Vitré' --another --domain vitre.example"));
        let (_process, address) = serve(&sandbox, "");
        let asked = |path: &str, domain: &str| {
            let asked = format!("GET /{path} HTTP/1.1\r\nhost: {domain}:443\r\nconnection: close\r\n\r\n");
            exchange(&address, asked.as_bytes()).unwrap()
        };
        const LIST: &str = "credentials/status/1";
        for (domain, asked_for) in [("reseau.example", "reseau.example"), ("vitre.example", "Vitre.example")] {
            let keys = asked(".well-known/did.json", asked_for).expect(200);
            assert_eq!(keys.field("id"), format!("did:web:{domain}"));
            // What was revoked is told where credentials say that it is.
            assert_eq!(asked(LIST, asked_for).expect(200).field("id"), format!("https://{domain}/{LIST}"));
        }
        for path in [".well-known/did.json", LIST] {
            asked(path, "autre.example").expect(404);
        }
    }
}

#[tokio::test]
async fn an_address_leads_to_its_network_until_its_person_is_erased() {
    for database in Database::tried() {
        let ledger = Ledger::fresh(database).await;
        let other = found(&ledger, 2, "Entraide de Vitré").await;
        let person = ledger.person("ANA", &[]).await;
        let invite = |secret| {
            Change::AddInvitation(NewInvitation {
                invitation: Uuid::from_u128(u128::from(secret)),
                secret: Digest([secret; 32]),
                person,
                principal: Principal::Operator,
                expires_at: noon(2025, 4, 1),
            })
        };
        let choose = |secret, email: &str| {
            Change::UseInvitation(NewCredential {
                secret: Digest([secret; 32]),
                email: email.to_owned(),
                hash: "hash".to_owned(),
                invited_for: None,
            })
        };
        let leads_to = async |email| ledger.store.networks_of_address(email, 8).await.unwrap();
        assert_eq!(leads_to("ana@example.org").await, []);
        keep(&ledger, ledger.network, "invited", invite(1)).await;
        keep(&ledger, ledger.network, "chosen", choose(1, "ana@example.org")).await;
        assert_eq!(leads_to("ana@example.org").await, [ledger.network]);
        // Another link changes the password, and never the address.
        keep(&ledger, ledger.network, "invited again", invite(2)).await;
        let once = once("another address");
        let kept = ledger.store.keep(ledger.network, &once, &choose(2, "ana@example.net"), noon(2025, 3, 1)).await;
        assert_eq!(kept.unwrap(), Kept::Stale);
        keep(&ledger, ledger.network, "chosen again", choose(2, "ana@example.org")).await;
        assert_eq!(
            (leads_to("ana@example.org").await, leads_to("ana@example.net").await),
            (vec![ledger.network], vec![])
        );
        // Somebody of another network may have the same address.
        keep(&ledger, other, "invited", invite(3)).await;
        keep(&ledger, other, "chosen", choose(3, "ana@example.org")).await;
        assert_eq!(leads_to("ana@example.org").await, [ledger.network, other]);
        ledger.done(Command::ErasePerson { person }).await;
        assert_eq!(leads_to("ana@example.org").await, [other]);
    }
}

#[tokio::test]
async fn only_networks_with_webhooks_are_asked_for_them_each_in_its_turn() {
    for database in Database::tried() {
        let ledger = Ledger::fresh(database).await;
        let (first, second) = (ledger.network, found(&ledger, 2, "Entraide de Vitré").await);
        found(&ledger, 3, "Entraide de Fougères").await;
        let now = noon(2025, 3, 1);
        let webhook = |number: u128| Uuid::from_u128(number);
        let add = |number| {
            Change::AddWebhook(NewWebhook {
                webhook: webhook(number),
                url: "https://example.org".to_owned(),
                secret: "whsec_".to_owned(),
                kinds: Vec::new(),
                association: None,
                principal: Principal::Operator,
                next_act: ActNumber(0),
            })
        };
        let set = |number, is_active, version| Change::SetWebhook { webhook: webhook(number), is_active, version };
        // Each lease ends before the next is asked for.
        let turn = async |last: Option<NetworkId>| {
            let leased = ledger
                .store
                .lease_webhook(last, now, TimeDelta::microseconds(-1), &|_| Some(Turns::default()))
                .await
                .unwrap();
            leased.map(|leased| leased.webhook.as_u128())
        };
        assert_eq!(turn(None).await, None);
        keep(&ledger, first, "first", add(1)).await;
        assert_eq!((turn(None).await, turn(Some(first)).await), (Some(1), Some(1)));
        keep(&ledger, second, "second", add(2)).await;
        assert_eq!((turn(None).await, turn(Some(first)).await, turn(Some(second)).await), (Some(1), Some(2), Some(1)));
        keep(&ledger, second, "third", add(3)).await;
        keep(&ledger, first, "rest", set(1, false, 1)).await;
        keep(&ledger, second, "rest", set(2, false, 1)).await;
        assert_eq!((turn(None).await, turn(Some(second)).await), (Some(3), Some(3)));
        keep(&ledger, second, "gone", Change::RemoveWebhook(webhook(3))).await;
        assert_eq!(turn(None).await, None);
        keep(&ledger, second, "go on", set(2, true, 2)).await;
        assert_eq!(turn(None).await, Some(2));
    }
}

/// A migration leaves of each network its UUID alone; so does a backup of before.
#[tokio::test]
async fn what_an_earlier_version_left_is_entered_when_the_database_is_opened() {
    for database in Database::tried() {
        let ledger = Ledger::fresh(database).await;
        let other = found(&ledger, 2, "Entraide du pays").await;
        let person = ledger.person("ANA", &[]).await;
        let key = PrivateKey::from_seed([1; 32]).public();
        let adopt =
            |domain: &str| Command::AdoptKey { purpose: KeyPurpose::Credential, key, domain: Some(domain.to_owned()) };
        ledger.done(adopt("reseau.example")).await;
        let asked = request("adopted", By::OPERATOR, adopt("vitre.example"));
        ledger.writer.submit(other, asked).await.unwrap();
        ledger.writer.submit(other, request("member", By::OPERATOR, add_association("Chorale"))).await.unwrap();
        let blank = "UPDATE directory SET slug = NULL, folded_name = NULL, domain = NULL, has_webhooks = 0; \
                     DELETE FROM sign_in";
        let credential = format!(
            "INSERT INTO credential (network_id, person, email, hash, changed_at) \
             VALUES ({}, {person}, 'ana@example.org', 'hash', 0)",
            ledger.network
        );
        let before = ledger.store.networks().await.unwrap();
        // Once, two networks could be known by one domain: it stays the first one's.
        let twice = format!("UPDATE network_key SET domain = 'reseau.example' WHERE network_id = {other}");
        ledger.place.sql(&format!("{credential}; {blank}; {twice}")).await.unwrap();
        let opened = Store::open(&ledger.place.url, false).await.unwrap();
        let mut expected = before;
        expected[1].domain = None;
        assert_eq!(opened.networks().await.unwrap(), expected);
        assert_eq!(expected[0].domain.as_deref(), Some("reseau.example"));
        assert_eq!(opened.networks_of_address("ana@example.org", 8).await.unwrap(), [ledger.network]);
    }
}

/// `cargo test --workspace -- --ignored --nocapture two_thousand`
#[tokio::test]
#[ignore = "measures"]
async fn one_among_two_thousand_is_found_at_once() {
    for database in Database::tried() {
        let ledger = Ledger::fresh(database).await;
        ledger.place.sql(&two_thousand(database)).await.unwrap();
        let store = &ledger.store;
        for what in ["number", "uuid", "slug", "domain", "name", "address"] {
            let mut micros = Vec::new();
            for network in 1_000..1_400_i64 {
                #[expect(clippy::disallowed_methods, reason = "how long a look-up takes is measured here")]
                let began = std::time::Instant::now();
                let slug = format!("reseau-{network}");
                let found = match what {
                    "number" => store.network_numbered(NetworkId(network)).await.unwrap().map(|entry| entry.id),
                    "uuid" => {
                        let uuid = Uuid::from_u128(u128::from(network.unsigned_abs()));
                        store.find_network(&NetworkKey::Uuid(uuid)).await.unwrap().map(|entry| entry.id)
                    }
                    "slug" => store.find_network(&NetworkKey::Slug(slug)).await.unwrap().map(|entry| entry.id),
                    "domain" => {
                        let domain = NetworkKey::Domain(format!("{slug}.example"));
                        store.find_network(&domain).await.unwrap().map(|entry| entry.id)
                    }
                    "name" => Some(store.network(Some(&format!("Réseau {network}"))).await.unwrap().id),
                    _ => {
                        let email = format!("{slug}@example.org");
                        store.networks_of_address(&email, 8).await.unwrap().first().copied()
                    }
                };
                micros.push(began.elapsed().as_micros());
                assert_eq!(found, Some(NetworkId(network)), "{what}");
            }
            micros.sort_unstable();
            println!("{database:?}, by {what}: median {} µs, worst {} µs", micros[200], micros[399]);
            assert!(micros[200] < 5_000, "{database:?}, by {what}");
        }
    }
}

/// Networks 2 to 2001, each with a domain and somebody who signs in.
fn two_thousand(database: Database) -> String {
    let each = |row: &dyn Fn(u128) -> String| (2..=2_001).map(row).collect::<Vec<_>>().join(", ");
    let uuid = |number: u128| {
        let uuid = Uuid::from_u128(number);
        database.pick(format!("x'{}'", uuid.simple()), format!("'{uuid}'"))
    };
    let address = |number: u128| {
        let digest = ledger::log::leaf_hash(format!("reseau-{number}@example.org").as_bytes()).to_hex();
        database.pick(format!("x'{digest}'"), format!("'\\x{digest}'"))
    };
    let networks = each(&|number| format!("({number}, {}, 'Réseau {number}', 'Europe/Paris')", uuid(number)));
    let entries = each(&|number| {
        format!("({number}, {}, 'reseau-{number}', 'reseau {number}', 'reseau-{number}.example', 0)", uuid(number))
    });
    let addresses = each(&|number| format!("({number}, 1, {})", address(number)));
    format!(
        "INSERT INTO network (network_id, uuid, name, time_zone) VALUES {networks}; \
         INSERT INTO directory (network_id, uuid, slug, folded_name, domain, has_webhooks) VALUES {entries}; \
         INSERT INTO sign_in (network_id, person, address) VALUES {addresses}"
    )
}
