//! Who listens, found by what he may be told.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::task::Waker;

use bytes::Bytes;
use domain::Actor;
use domain::authority::Role;
use domain::delivery::Audience;
use domain::types::{ForceId, Lang, OrgId};
use parking_lot::Mutex;

use super::{ChangeText, Class, Listener, Moment, frames};
use crate::limits;
use crate::published::Position;

/// One connected stream.
pub(super) struct Subscriber {
    pub(super) id: u64,
    session: u64,
    actor: Actor,
    lang: Lang,
    /// Changes up to here were seen before.
    seen: Position,
    outbox: Mutex<Outbox>,
}

#[derive(Default)]
struct Outbox {
    frames: VecDeque<Bytes>,
    waker: Option<Waker>,
    /// Too far behind: what waits was replaced by a reset, and nothing follows until it is taken.
    lost: bool,
    closed: bool,
}

/// What a stream finds in its outbox.
pub(super) enum Found {
    Frames(VecDeque<Bytes>),
    Nothing,
    Closed,
}

impl Subscriber {
    /// What waits; with nothing waiting, the waker is kept.
    pub(super) fn take(&self, waker: &Waker) -> Found {
        let mut outbox = self.outbox.lock();
        if !outbox.frames.is_empty() {
            outbox.lost = false;
            return Found::Frames(std::mem::take(&mut outbox.frames));
        }
        if outbox.closed {
            return Found::Closed;
        }
        outbox.waker = Some(waker.clone());
        Found::Nothing
    }

    /// Puts a frame in; `false` when there was no room and the session must reload.
    fn put(&self, frame: &Bytes) -> bool {
        let mut outbox = self.outbox.lock();
        if outbox.lost {
            return true;
        }
        if outbox.frames.len() < limits::SESSION_QUEUE {
            outbox.frames.push_back(frame.clone());
            return true;
        }
        outbox.frames.clear();
        outbox.frames.push_back(frames::reset("behind"));
        outbox.lost = true;
        false
    }

    fn wake(&self) {
        let waker = self.outbox.lock().waker.take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn close(&self) {
        self.outbox.lock().closed = true;
        self.wake();
    }
}

/// Roles that are told of what is their own.
const OWNERS: [Role; 3] = [Role::Force, Role::Dept, Role::Town];

type Group = BTreeMap<u64, Arc<Subscriber>>;

/// All connected streams.
pub(super) struct Registry {
    /// Everything up to here was put into the outboxes.
    pub(super) delivered: Position,
    next_id: u64,
    all: Group,
    roles: BTreeMap<Role, Group>,
    forces: HashMap<ForceId, Group>,
    orgs: HashMap<OrgId, Group>,
    /// Who has something new and was not woken yet.
    fresh: Group,
    slow: usize,
}

impl Registry {
    pub(super) fn new(delivered: Position) -> Self {
        Self {
            delivered,
            next_id: 0,
            all: Group::new(),
            roles: BTreeMap::new(),
            forces: HashMap::new(),
            orgs: HashMap::new(),
            fresh: Group::new(),
            slow: 0,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// A new stream that has seen the changes up to a place, and the last change that is not in its outbox.
    pub(super) fn join(
        &mut self,
        listener: &Listener,
        seen: Position,
    ) -> Option<(Arc<Subscriber>, Position)> {
        if self.all.len() >= limits::STREAMS {
            return None;
        }
        self.next_id += 1;
        let subscriber = Arc::new(Subscriber {
            id: self.next_id,
            session: listener.session,
            actor: listener.actor.clone(),
            lang: listener.lang,
            seen,
            outbox: Mutex::default(),
        });
        for group in self.groups_of(&listener.actor) {
            group.insert(subscriber.id, Arc::clone(&subscriber));
        }
        Some((subscriber, self.delivered))
    }

    fn groups_of(&mut self, actor: &Actor) -> Vec<&mut Group> {
        let mut groups = vec![&mut self.all, self.roles.entry(actor.role).or_default()];
        match (actor.role, &actor.force) {
            (Role::Force, Some(force)) => groups.push(self.forces.entry(force.clone()).or_default()),
            (Role::Dept | Role::Town, _) => groups.push(self.orgs.entry(actor.org.clone()).or_default()),
            _ => {}
        }
        groups
    }

    pub(super) fn leave(&mut self, id: u64) {
        let Some(gone) = self.all.get(&id).cloned() else { return };
        self.fresh.remove(&id);
        for group in self.groups_of(&gone.actor) {
            group.remove(&id);
        }
        self.forces.retain(|_, group| !group.is_empty());
        self.orgs.retain(|_, group| !group.is_empty());
    }

    pub(super) fn close_session(&mut self, session: u64) {
        self.all.values().filter(|s| s.session == session).for_each(|s| s.close());
    }

    pub(super) fn close_all(&mut self) {
        self.all.values().for_each(|s| s.close());
    }

    /// Puts a change into the outboxes of the forces and organisations that it concerns; gives how many. What goes to
    /// all of them keeps its place among what is each one's own: a stream resumes after the last that it saw.
    pub(super) fn push_own(
        &mut self,
        audience: &Audience,
        moment: &Moment<'_>,
        change: &ChangeText,
    ) -> usize {
        let Self { roles, forces, orgs, fresh, slow, .. } = self;
        let mut post = Post { audience, moment, change, fresh, slow, count: 0 };
        for role in OWNERS.into_iter().filter(|role| audience.roles.has(*role)) {
            if let Some(group) = roles.get(&role) {
                post.send(role, None, group.values());
            }
        }
        if !audience.roles.has(Role::Force) {
            for force in &audience.forces {
                if let Some(group) = forces.get(force) {
                    post.send(Role::Force, Some(force), group.values());
                }
            }
        }
        for org in &audience.orgs {
            let Some(group) = orgs.get(org) else { continue };
            for role in [Role::Dept, Role::Town].into_iter().filter(|role| !audience.roles.has(*role)) {
                post.send(role, None, group.values().filter(|s| s.actor.role == role));
            }
        }
        post.count
    }

    /// Puts a change into the outboxes of the desks that are told of it; gives how many.
    pub(super) fn push_roles(
        &mut self,
        audience: &Audience,
        moment: &Moment<'_>,
        change: &ChangeText,
    ) -> usize {
        let Self { roles, fresh, slow, .. } = self;
        let mut post = Post { audience, moment, change, fresh, slow, count: 0 };
        for (role, group) in
            roles.iter().filter(|(role, _)| audience.roles.has(**role) && !OWNERS.contains(role))
        {
            post.send(*role, None, group.values());
        }
        post.count
    }

    /// Wakes whoever has something new.
    pub(super) fn wake_fresh(&mut self) {
        for subscriber in std::mem::take(&mut self.fresh).values() {
            subscriber.wake();
        }
    }

    /// Wakes whoever has something new; gives how many were too slow.
    pub(super) fn wake(&mut self) -> usize {
        self.wake_fresh();
        std::mem::take(&mut self.slow)
    }

    pub(super) fn reset_all(&mut self, why: &str) -> usize {
        let frame = frames::reset(why);
        for subscriber in self.all.values() {
            let mut outbox = subscriber.outbox.lock();
            outbox.frames.clear();
            outbox.frames.push_back(frame.clone());
            drop(outbox);
            subscriber.wake();
        }
        self.all.len()
    }

    /// A heartbeat to every tenth session; one whose outbox is not empty hears from us anyhow.
    pub(super) fn heartbeat(&mut self, turn: u64, frame: &Bytes) {
        for subscriber in self.all.values().filter(|s| s.id % limits::HEARTBEAT_S == turn) {
            if subscriber.outbox.lock().frames.is_empty() {
                subscriber.put(frame);
                subscriber.wake();
            }
        }
    }
}

/// One change on its way into outboxes; its text is made once for each class.
struct Post<'a> {
    audience: &'a Audience,
    moment: &'a Moment<'a>,
    change: &'a ChangeText,
    fresh: &'a mut Group,
    slow: &'a mut usize,
    count: usize,
}

impl Post<'_> {
    fn send<'s>(
        &mut self,
        role: Role,
        force: Option<&ForceId>,
        subscribers: impl Iterator<Item = &'s Arc<Subscriber>>,
    ) {
        let mut frames = BTreeMap::new();
        for subscriber in subscribers {
            if subscriber.seen >= self.moment.at || !self.audience.includes(&subscriber.actor) {
                continue;
            }
            let frame = frames.entry(subscriber.lang).or_insert_with_key(|lang| {
                let class = Class { role, force: force.cloned(), lang: *lang };
                frames::change(self.moment.at, &(self.change)(self.moment, &class))
            });
            *self.slow += usize::from(!subscriber.put(frame));
            self.fresh.entry(subscriber.id).or_insert_with(|| Arc::clone(subscriber));
            self.count += 1;
        }
    }
}
