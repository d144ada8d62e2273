"""A mail server of aiosmtpd, for the tests of the mail channel.

It prints its port, then each mail that it took, one JSON document a line. `nobody@…` does not exist, `full@…` is over
its quota for the moment. With a certificate and a key as arguments it wants STARTTLS and a password. It ends with its
standard input.
"""
import email
import email.policy
import json
import socket
import ssl
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword


def tell(line):
    print(json.dumps(line, ensure_ascii=False), flush=True)


class Mailboxes:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 5.1.1 no such mailbox"
        if address.startswith("full@"):
            return "452 4.2.2 mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        tell({"to": envelope.rcpt_tos, "subject": mail["subject"], "from": str(mail["from"]),
              "id": mail["message-id"], "auto": mail["auto-submitted"], "importance": mail["importance"],
              "text": mail.get_content(), "tls": session.ssl is not None})
        return "250 taken"


def check(server, session, envelope, mechanism, data):
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"zhiban", b"geheim")
    return AuthResult(success=good, handled=good)


with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
options = {}
if len(sys.argv) == 3:
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(sys.argv[1], sys.argv[2])
    options = {"tls_context": tls, "require_starttls": True, "auth_required": True, "authenticator": check}
controller = Controller(Mailboxes(), hostname="127.0.0.1", port=port, **options)
controller.start()
tell({"port": port})
sys.stdin.read()
controller.stop()
