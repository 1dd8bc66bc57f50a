//! Makes the accounts of the demonstration city, and knows afterwards who is who.

use std::{collections::BTreeMap, sync::Arc};

use futures_util::future::try_join_all;
use shared::domain::{
    consent::ConsentPurpose,
    phone::MobileNumber,
    role::{Grant, Role},
};

use super::script::Script;
use crate::{
    access::{Actor, PersonActor, RequestContext, StaffActor, sms::SealedSms},
    errors::Failure,
    services::Services,
    stores::outbox_store::{self, Afterwards, Task},
    usecases::{
        accounts::{
            register::{NewResident, register},
            request_code::{CodeUse, request_code},
        },
        staff_accounts::create::{NewStaffAccount, create},
    },
};

/// The one password of all staff of the demonstration. It opens nothing else: the program refuses to serve such a database
/// beyond this machine.
pub const PASSWORD: &str = "Linyi-12345-demo";

/// A row of the table that is shown at the start.
#[derive(Debug, Clone)]
pub(super) struct Seat {
    /// Name to sign in with.
    pub(super) username: String,
    /// The person's name.
    pub(super) name: String,
    /// The person's post.
    pub(super) post: String,
    /// Code of the unit.
    pub(super) unit: String,
    /// What the person may do.
    pub(super) grant: Grant,
}

/// All staff accounts of the script.
pub(super) fn seats(script: &Script) -> Vec<Seat> {
    let mut seats: Vec<Seat> = script
        .staff
        .iter()
        .map(|one| Seat {
            username: one.username.clone(),
            name: one.name.clone(),
            post: one.post.clone(),
            unit: one.unit.clone(),
            grant: Grant::everywhere(one.role),
        })
        .collect();
    let chairs = [
        ("lianluo", Role::UnitLiaison),
        ("chengban", Role::UnitHandler),
        ("fuze", Role::UnitLeader),
    ];
    for desk in &script.desk {
        for ((chair, role), name) in chairs.iter().zip(&desk.people) {
            seats.push(Seat {
                username: format!("{}.{chair}", desk.username),
                name: name.clone(),
                post: role.name_zh().to_owned(),
                unit: desk.unit.clone(),
                grant: Grant {
                    unit: Some(desk.unit.clone()),
                    ..Grant::everywhere(*role)
                },
            });
        }
    }
    seats
}

/// The number that a resident of the script signs in with, by the place in the list, counted from 1.
pub(super) fn number(resident: usize) -> String {
    format!("{}", 13_800_000_000_u64 + resident as u64)
}

/// The accounts as the play needs them.
pub(super) struct People {
    staff: BTreeMap<String, Actor>,
    roles: Vec<(Role, Option<String>, String)>,
    residents: Vec<Actor>,
}

impl People {
    /// Makes everybody.
    ///
    /// # Errors
    /// What the use cases refuse.
    pub(super) async fn make(services: &Arc<Services>, script: &Script) -> Result<Self, Failure> {
        let seats = seats(script);
        let staff = try_join_all(seats.iter().map(|seat| make_staff(services, seat))).await?;
        let mut residents = Vec::new();
        for (place, resident) in script.resident.iter().enumerate() {
            residents.push(make_resident(services, &number(place + 1), resident.name.clone()).await?);
        }
        let roles = seats
            .iter()
            .map(|seat| (seat.grant.role, seat.grant.unit.clone(), seat.username.clone()))
            .collect();
        Ok(Self {
            staff: seats.into_iter().map(|seat| seat.username).zip(staff).collect(),
            roles,
            residents,
        })
    }

    /// The first account with this role for the whole city.
    pub(super) fn with(&self, role: Role) -> Result<&Actor, Failure> {
        self.find(role, None)
    }

    /// The account with this role in that unit.
    pub(super) fn at(&self, role: Role, unit: &str) -> Result<&Actor, Failure> {
        self.find(role, Some(unit))
    }

    fn find(&self, role: Role, unit: Option<&str>) -> Result<&Actor, Failure> {
        self.roles
            .iter()
            .find(|(has, place, _)| *has == role && place.as_deref() == unit)
            .and_then(|(.., username)| self.staff.get(username))
            .ok_or_else(|| Failure::internal(format!("the demonstration has no {role} in {unit:?}")))
    }

    /// A resident by the place in the list, counted from 1.
    pub(super) fn resident(&self, place: usize) -> Result<&Actor, Failure> {
        place
            .checked_sub(1)
            .and_then(|place| self.residents.get(place))
            .ok_or_else(|| Failure::internal(format!("the demonstration has no resident {place}")))
    }
}

async fn make_staff(services: &Arc<Services>, seat: &Seat) -> Result<Actor, Failure> {
    let new = NewStaffAccount {
        username: seat.username.clone(),
        display_name: seat.name.clone(),
        post: seat.post.clone(),
        unit: seat.unit.clone(),
        password: PASSWORD.to_owned(),
        must_change_password: false,
        grants: vec![seat.grant.clone()],
        active_until: None,
    };
    let id = create(services, &RequestContext::default(), Actor::System, new).await?;
    Ok(Actor::Staff(StaffActor {
        id,
        session: 0,
        unit: seat.unit.clone(),
        grants: Arc::from([seat.grant.clone()]),
        owes: None,
    }))
}

async fn make_resident(services: &Arc<Services>, number: &str, display_name: Option<String>) -> Result<Actor, Failure> {
    let context = RequestContext::default();
    let phone: MobileNumber = number
        .parse()
        .map_err(|_| Failure::internal("a demonstration number is no mobile number"))?;
    request_code(services, &context, Actor::Visitor, &phone, CodeUse::SignIn).await?;
    let resident = NewResident {
        phone,
        code: read_code(services).await?,
        display_name,
        password: None,
        consents: vec![ConsentPurpose::Handling],
        device_name: None,
    };
    let (session, _) = register(services, &context, resident).await?;
    Ok(Actor::Person(PersonActor {
        id: session.account,
        session: session.session,
        blocked: false,
    }))
}

/// Takes the text message out of the outbox before anybody sends it, and reads the code in it.
async fn read_code(services: &Arc<Services>) -> Result<String, Failure> {
    let held = Arc::clone(services);
    services
        .database
        .writer
        .write(move |transaction| {
            let now = held.now();
            let rows = outbox_store::claim(transaction, Task::Sms, "demonstration", now, now.plus_minutes(1), 10)?;
            let mut code = None;
            for row in rows {
                let message = SealedSms::open(&row.payload, &held.access.secrets).map_err(Failure::internal)?;
                code = message
                    .text
                    .split(|letter: char| !letter.is_ascii_digit())
                    .find(|run| run.len() == 6)
                    .map(str::to_owned);
                outbox_store::settle(transaction, &row, &Afterwards::Done)?;
            }
            code.ok_or_else(|| Failure::internal("no sign-in code in the outbox"))
        })
        .await
}
