"""Proposes, confirms and reads a balance through the generated client alone."""

import datetime
import os
import subprocess
import sys
import uuid

sys.path.insert(0, ".")

from coudemain_client import AuthenticatedClient
from coudemain_client.api.associations import add_association, get_balance
from coudemain_client.api.exchanges import confirm_exchange, get_exchange, propose_exchange
from coudemain_client.api.persons import add_person, set_role
from coudemain_client.models import (
    AddAssociation,
    Confirm,
    NewPerson,
    Problem,
    ProposedExchange,
    RoleName,
    SetRole,
)

url, token = sys.argv[1:]


def key():
    return str(uuid.uuid4())


def client(token):
    return AuthenticatedClient(base_url=url, token=token)


def done(answer):
    assert answer is not None and not isinstance(answer, Problem), answer
    return answer


operator = client(token)


def member(name, code):
    """A member and the client of its delegate."""
    association = done(add_association.sync(client=operator, body=AddAssociation(name=name), idempotency_key=key())).id
    person = done(add_person.sync(client=operator, body=NewPerson(code=code), idempotency_key=key())).id
    role = SetRole(role=RoleName.DELEGATE, association=association)
    done(set_role.sync(person, client=operator, body=role, idempotency_key=key()))
    made = subprocess.run([os.environ["PROGRAM"], "token", "create", "--as", code], capture_output=True, check=True)
    return association, client(made.stdout.decode().strip())


choir, alice = member("Chorale", "ALI")
band, bob = member("Fanfare", "BOB")
body = ProposedExchange(giver=choir, receiver=band, minutes=480, service_date=datetime.date(2026, 3, 14))
proposed = done(propose_exchange.sync(client=alice, body=body, idempotency_key="first"))
again = done(propose_exchange.sync(client=alice, body=body, idempotency_key="first"))
assert again == proposed, "a repeat gets the same answer"
refused = confirm_exchange.sync(proposed.id, client=alice, body=Confirm(), idempotency_key=key())
assert isinstance(refused, Problem) and refused.type_.endswith("other-side-answers"), refused
done(confirm_exchange.sync(proposed.id, client=bob, body=Confirm(), idempotency_key=key()))
assert done(get_exchange.sync(proposed.id, client=bob)).state == "confirmed"
balance = done(get_balance.sync(choir, client=alice))
assert (balance.minutes, balance.given, balance.received) == (480, 480, 0), balance
print(f"A generated client proposed, confirmed and read: {balance.minutes} minutes.")
