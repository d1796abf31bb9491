"""An OpenID Connect provider on loopback (oidc-provider-mock), which knows whoever it is given: `oidc_peer.py NAME...`.

Says `port N` and serves until its input ends.
"""

import os
import sys

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

import oidc_provider_mock  # noqa: E402

users = [
    oidc_provider_mock.User(sub=f"id-of-{name}", claims={"preferred_username": name})
    for name in sys.argv[1:]
]
with oidc_provider_mock.run_server_in_thread(require_nonce=True, user_claims=users) as server:
    print("port", server.server_port, flush=True)
    sys.stdin.read()
