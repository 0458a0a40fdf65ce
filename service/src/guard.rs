//! Stands before every handler: none is reached by whom the route's rule does not let in.

use std::sync::Arc;

use axum::{
    extract::{RawPathParams, Request, State, rejection::RawPathParamsRejection},
    http::{Method, Uri},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use ledger::{AssociationNumber, ExchangeNumber, PersonNumber, command::Principal, registry::Registry};
use tokio::sync::SemaphorePermit;
use uuid::Uuid;

use crate::{
    acting::Acting,
    app::App,
    choice::Choice,
    connections::Crowded,
    directory::Known,
    doors::{Door, Shown},
    exchanges,
    id::Unnamed,
    operation::logs,
    problem::{Problem, Refusal},
    rule::{Content, Part, Rule, Scope},
    sent,
    token::Access,
};

/// For whom there was no room is told to come again after so many seconds.
const COME_AGAIN_SECONDS: u64 = 5;

/// What a guard knows of its route.
#[derive(Debug, Clone, Copy)]
pub struct Post {
    /// The route's place among the routes.
    pub index: usize,
    /// Where its callers get in.
    pub door: Door,
    /// Who may take it.
    pub rule: Rule,
    /// Whether it is answered where there is no room for others.
    pub is_for_operation: bool,
    /// What is made of the body.
    pub content: Content,
    /// Whether whoever has signed in has to have done so lately.
    pub is_grave: bool,
}

/// How a caller was let in, for whom it is asked again while they are served.
#[derive(Debug, Clone)]
pub struct Admission {
    /// What they showed at the door.
    pub shown: Shown,
    /// What their token had to be good for.
    pub scope: Scope,
    /// The parts that may.
    pub may: &'static [Part],
    /// Whether their connection is one that is kept for short questions.
    pub is_crowded: bool,
}

/// Marks an answer with the route that gave it, and the token that asked.
#[derive(Debug, Clone)]
pub struct Taken {
    /// The route's place among the routes.
    pub index: usize,
    /// The token's name.
    pub token: Option<Uuid>,
}

/// Lets a request through to its handler with its [`Caller`](crate::caller::Caller), or answers in the handler's stead.
pub async fn guard(
    State((app, post)): State<(App, Post)>,
    params: Result<RawPathParams, RawPathParamsRejection>,
    mut request: Request,
    next: Next,
) -> Response {
    let mut taken = Taken { index: post.index, token: None };
    let mut response = match hold_and_let_in(&app, post, params.ok().as_ref(), &mut request, &mut taken.token).await {
        Ok(_room) => next.run(request).await,
        Err(problem) => problem.into_response(),
    };
    response.extensions_mut().insert(taken);
    response
}

/// What is sent is read before it is known who calls, so that nothing is lost where they are signed out. Where it is
/// crowded nobody waits for it. Returns the room that is taken by it.
async fn hold_and_let_in<'a>(
    app: &'a App,
    post: Post,
    params: Option<&RawPathParams>,
    request: &mut Request,
    token: &mut Option<Uuid>,
) -> Result<Option<SemaphorePermit<'a>>, Problem> {
    (post.door.check)(request)?;
    let is_held = post.content == Content::GivenBack && request.extensions().get::<Crowded>().is_none();
    let room = if is_held { sent::hold(app, request).await? } else { None };
    let_in(app, post, params, request, token).await?;
    Ok(room)
}

async fn let_in(
    app: &App,
    Post { door, rule, is_for_operation, content, is_grave, index: _ }: Post,
    params: Option<&RawPathParams>,
    request: &mut Request,
    token: &mut Option<Uuid>,
) -> Result<(), Problem> {
    let is_crowded = request.extensions().get::<Crowded>().is_some();
    match rule {
        Rule::Open if is_crowded && !is_for_operation => Err(no_room()),
        Rule::Open => Ok(()),
        Rule::Holder => {
            let access = access(app, &(door.look)(request), is_crowded).await?;
            *token = Some(access.token);
            request.extensions_mut().insert(access);
            Ok(())
        }
        Rule::Only { scope, may } => {
            let shown = (door.look)(request);
            // What cannot be read in an address names nothing; the handler says so.
            let named = Named::of(request.method(), request.uri(), params);
            let admission = Admission { shown, scope, may, is_crowded };
            let choice = admit_to(app, &admission, &named).await?;
            *token = Some(choice.token());
            if is_grave && !choice.is_fresh_at(app.now(), app.config.fresh_minutes) {
                return Err(Problem::new(Refusal::SignInAgain));
            }
            request.extensions_mut().insert(admission);
            if choice.is_made() || content != Content::SaysForWhom {
                request.extensions_mut().insert(choice.made()?);
            } else {
                request.extensions_mut().insert(choice);
            }
            Ok(())
        }
    }
}

pub(crate) fn no_room() -> Problem {
    Problem::new(Refusal::NoRoom(COME_AGAIN_SECONDS))
}

/// Finds out who calls, and in which names the rule lets them in.
///
/// # Errors
/// When it does not, or the database does not answer.
pub async fn admit(app: &App, admission: &Admission) -> Result<Choice, Problem> {
    let Admission { shown, scope, may, is_crowded } = admission;
    let access = access(app, shown, *is_crowded).await?;
    if !access.scopes.contains(scope) {
        return Err(Problem::new(Refusal::ScopeIsMissing(scope.as_str())));
    }
    if access.is_to_be_noted(app.now()) {
        note_use(app, access.network, access.token);
    }
    let known = app.directory.network(&app.store, access.network).await?.ok_or_else(Problem::not_found)?;
    let choose = |registry: Arc<Registry>| {
        let wanted = shown.acting_for.as_ref().map(|text| wanted(text, &known, &registry)).transpose()?;
        Choice::new(access.clone(), known.clone(), registry, wanted, (*scope, may))
    };
    match choose(known.registry(&app.store).await?) {
        Ok(choice) => Ok(choice),
        // Nobody is refused from memory.
        Err(_) => choose(known.refreshed(&app.store).await?),
    }
}

/// What a caller's token opens, if it holds and is not used too often: it, or all of its owner's together.
async fn access(app: &App, shown: &Shown, is_crowded: bool) -> Result<Arc<Access>, Problem> {
    let token = shown.token.as_deref().ok_or_else(|| Problem::new(Refusal::TokenIsMissing))?;
    let access = app.tokens.find(&app.store, token).await?.ok_or_else(|| Problem::new(Refusal::TokenDoesNotHold))?;
    if let Some(place) = &shown.only_at
        && place.network(app).await?.id != access.network
    {
        return Err(Problem::new(Refusal::TokenDoesNotHold));
    }
    // Before anything else is asked of the database.
    if is_crowded && access.principal != Principal::Operator {
        return Err(no_room());
    }
    if !access.holds_at(app.now()) {
        return Err(Problem::new(Refusal::TokenDoesNotHold));
    }
    let mut taken = app.rates.take(access.token);
    if let (Ok(()), Principal::Person(person)) = (taken, access.principal) {
        taken = app.persons.take(Uuid::from_u64_pair(access.network.0.cast_unsigned(), person.0.cast_unsigned()));
    }
    taken.map_err(|seconds| Problem::new(Refusal::TooManyRequests(seconds)))?;
    Ok(access)
}

/// The name in which a caller says that they act.
fn wanted(text: &str, known: &Known, registry: &Registry) -> Result<Acting, Problem> {
    let not_held = || Problem::new(Refusal::ActingForIsNotHeld);
    let read = Acting::read(text, known.fingerprint.ids(registry.generations()));
    read.map_err(|unnamed| Problem::of_unnamed(unnamed, not_held).at("Coudemain-Acting-For"))
}

/// Notes that a token is in use, without making anybody wait.
fn note_use(app: &App, network: ledger::NetworkId, token: Uuid) {
    let app = app.clone();
    tokio::spawn(async move {
        if let Err(error) = app.store.note_use(network, token, app.now()).await {
            logs::fault(&error.to_string());
        }
    });
}

async fn admit_to(app: &App, admission: &Admission, named: &Named) -> Result<Choice, Problem> {
    let choice = admit(app, admission).await?;
    if choice.is_made() {
        return Ok(choice);
    }
    match named.associations(app, &choice).await? {
        None => Ok(choice),
        Some(associations) => choice.about(&associations),
    }
}

/// What an address names of which it is known which associations it concerns.
#[derive(Debug, Default)]
struct Named {
    /// `{association}`, or the query's `association`.
    association: Option<Uuid>,
    /// `{exchange}`
    exchange: Option<Uuid>,
    /// `{person}`, where they are read: what is written about a person names the association itself.
    person: Option<Uuid>,
}

impl Named {
    fn of(method: &Method, uri: &Uri, params: Option<&RawPathParams>) -> Self {
        let uuid = |text: &str| Uuid::try_parse(text).ok();
        let mut named = Self::default();
        for (name, value) in params.into_iter().flatten() {
            match name {
                "association" => named.association = uuid(value),
                "exchange" => named.exchange = uuid(value),
                "person" if method == Method::GET => named.person = uuid(value),
                // What else an address names concerns no association, or one that the handler alone finds out.
                _ => {}
            }
        }
        let query = uri.query().unwrap_or_default().split('&');
        let queried = query.filter_map(|pair| pair.strip_prefix("association=")).find_map(uuid);
        named.association = named.association.or(queried);
        named
    }

    /// The associations that what is named concerns; nothing where nothing of this network is named.
    async fn associations(&self, app: &App, choice: &Choice) -> Result<Option<Vec<AssociationNumber>>, Problem> {
        let known = choice.known();
        let number = |name: Option<Uuid>| match name.map(|name| choice.ids().number(name)) {
            None | Some(Err(Unnamed::Unknown)) => Ok(None),
            Some(Err(lost @ Unnamed::WasLost)) => Err(Problem::of_unnamed(lost, Problem::not_found)),
            Some(Ok(number)) => Ok(Some(number)),
        };
        if let Some(association) = number(self.association)? {
            return Ok(Some(vec![AssociationNumber(association)]));
        }
        if let Some(exchange) = number(self.exchange)? {
            let view = exchanges::one(&app.store, known.id, ExchangeNumber(exchange)).await?;
            return Ok(view.map(|view| exchanges::sides(&view.exchange).to_vec()));
        }
        let Some(person) = number(self.person)?.map(PersonNumber) else { return Ok(None) };
        if choice.principal() == Principal::Person(person) {
            // What is about themselves is about no association.
            return Ok(Some(Vec::new()));
        }
        let person = choice.registry().person(person);
        Ok(person.map(|person| {
            let roles = person.roles.iter().filter_map(|role| role.association());
            person.associations.iter().copied().chain(roles).collect()
        }))
    }
}
