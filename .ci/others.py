#!/usr/bin/env python3
"""Checks what Coudemain signed with a program by others.

    pip install openvc-core
    python3 .ci/others.py statements/*.json passport/badge-*.json

Only `eddsa-jcs-2022` is looked at; each document has to be accepted as it is and refused once a letter is another.
Not part of `.ci/run`, which installs nothing from Python's registry.
"""

import base64
import copy
import json
import sys

from openvc.proof.di_jcs import EddsaJcsProofSuite

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def public_key(method):
    """The key that stands in a verification method, as a JSON Web Key."""
    number = 0
    for letter in method.split("#")[1][1:]:
        number = number * 58 + ALPHABET.index(letter)
    key = number.to_bytes(34, "big")[2:]
    return {"kty": "OKP", "crv": "Ed25519", "x": base64.urlsafe_b64encode(key).rstrip(b"=").decode()}


def check(name):
    with open(name, encoding="utf-8") as file:
        document = json.load(file)
    if "proof" not in document:
        return
    proofs = document["proof"] if isinstance(document["proof"], list) else [document["proof"]]
    document["proof"] = next(proof for proof in proofs if proof["cryptosuite"] == "eddsa-jcs-2022")
    key = public_key(document["proof"]["verificationMethod"])
    EddsaJcsProofSuite().verify(document, public_key_jwk=key)
    changed = copy.deepcopy(document)
    changed["name"] += "x"
    try:
        EddsaJcsProofSuite().verify(changed, public_key_jwk=key)
    except Exception:
        print(f"{name}: accepted, and refused once changed")
    else:
        sys.exit(f"{name}: accepted although it was changed")


for each in sys.argv[1:]:
    check(each)
