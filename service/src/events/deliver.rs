//! Tells webhooks of acts, one act after the other, each until it is received.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use ledger::ActNumber;
use store::{Delivery, StoreError, Webhook, WebhookState};
use tokio::task::JoinSet;

use super::{
    client::{self, Message},
    event::{event, is_told_to_all},
    turns::{Taken, Turn},
};
use crate::{
    acting::Sight,
    app::App,
    operation::{logs, moment::instant},
};

/// After so many seconds a failed delivery is tried again; after the last of them the webhook rests until its owner
/// lets it go on. No act is skipped: a receiver that comes back gets all of them.
const PAUSES_SECONDS: [i64; 12] = [1, 5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800, 43_200, 86_400];
/// A webhook is this process's for so long; longer than telling it may take.
const LEASE: TimeDelta = TimeDelta::minutes(1);
/// So long a webhook is told before others may have its turn.
const TURN: Duration = Duration::from_secs(20);
/// So many acts are read at once.
const ACTS: u32 = 100;
/// So often it is looked for acts that another process wrote.
const LOOK: Duration = Duration::from_secs(1);

/// Runs until the service ends.
pub async fn run(app: App) {
    let mut news = app.news.subscribe();
    let taken = Arc::new(Taken::default());
    let mut turns = JoinSet::new();
    let mut last = None;
    loop {
        while turns.try_join_next().is_some() {}
        if !taken.has_room() {
            turns.join_next().await;
            continue;
        }
        let began = instant();
        match app.store.lease_webhook(last, app.now(), LEASE, &|network| taken.turns(network)).await {
            Ok(Some(webhook)) => {
                last = Some(webhook.network);
                turns.spawn(turn(app.clone(), taken.take(&webhook), webhook));
            }
            Ok(None) => {
                let looking = began.elapsed();
                tokio::select! {
                    _ = tokio::time::timeout(LOOK, news.changed()) => {}
                    // There may be more to tell the same one.
                    Some(_) = turns.join_next() => {}
                }
                // Acts come many at a time: one look for all of them. However many networks have webhooks, to look takes
                // a tenth of the time.
                tokio::time::sleep(Duration::from_millis(20).max(9 * looking)).await;
            }
            Err(error) => {
                logs::fault(&error.to_string());
                tokio::time::sleep(LOOK).await;
            }
        }
    }
}

/// Gives a webhook its turn.
async fn turn(app: App, turn: Turn, webhook: Webhook) {
    if let Err(error) = tell_on(&app, webhook).await {
        logs::fault(&error.to_string());
    }
    drop(turn);
}

/// Tells a webhook of the acts that it has not been told of.
async fn tell_on(app: &App, mut webhook: Webhook) -> Result<(), StoreError> {
    let Some(known) = app.directory.network(&app.store, webhook.network).await? else { return Ok(()) };
    let began = instant();
    let acts = app.store.acts_from(webhook.network, webhook.next_act, ACTS).await?;
    // Read after the acts, so that whatever opened their generation is known.
    let registry = known.refreshed(&app.store).await?;
    let ids = known.fingerprint.ids(registry.generations());
    let mut deliveries = Vec::new();
    let mut retry_at = app.now();
    for act in acts {
        if began.elapsed() > TURN {
            break;
        }
        let is_wanted = webhook.kinds.is_empty() || webhook.kinds.contains(&act.kind) || is_told_to_all(act.kind);
        let listener = webhook.association.map_or(Sight::All, Sight::Of);
        let told = if is_wanted { event(known.network.uuid, ids, &act, listener) } else { Ok(None) };
        let event = match told {
            Ok(event) => event,
            // What cannot be read is not passed over: the webhook waits there, and fails in the end.
            Err(error) => {
                logs::fault(&error.to_string());
                retry_at = postpone(&mut webhook, app.now());
                break;
            }
        };
        if let Some(event) = event {
            let id = ids.shown(act.number.0).to_string();
            let delivery = tell(app, &webhook, &id, &event.to_string(), act.number).await;
            let is_delivered = delivery.is_delivered;
            deliveries.push(delivery);
            if !is_delivered {
                retry_at = postpone(&mut webhook, app.now());
                break;
            }
            webhook.failures = 0;
        }
        webhook.next_act = ActNumber(act.number.0 + 1);
    }
    app.store.note_deliveries(&webhook, &deliveries, retry_at).await
}

async fn tell(app: &App, webhook: &Webhook, id: &str, body: &str, act: ActNumber) -> Delivery {
    let now = app.now();
    let message = Message {
        url: &webhook.url,
        secret: &webhook.secret,
        id: id.to_owned(),
        timestamp: now.timestamp(),
        body: body.to_owned(),
    };
    let sent = client::send(&message, app.config.private_webhooks).await;
    let is_delivered = matches!(sent, Ok(200..=299));
    let counter = if is_delivered { &app.metrics.webhook_delivered } else { &app.metrics.webhook_failed };
    counter.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    Delivery {
        act,
        attempts: 1,
        is_delivered,
        status: sent.as_ref().ok().copied(),
        problem: sent.err().map(|why| why.chars().take(200).collect()),
        tried_at: now,
    }
}

/// Counts a failure, and says when to try again.
fn postpone(webhook: &mut Webhook, now: chrono::DateTime<chrono::Utc>) -> chrono::DateTime<chrono::Utc> {
    webhook.failures += 1;
    let pause = usize::try_from(webhook.failures - 1).ok().and_then(|index| PAUSES_SECONDS.get(index));
    match pause {
        Some(seconds) => now + TimeDelta::seconds(*seconds),
        None => {
            webhook.state = WebhookState::Failing;
            now
        }
    }
}
