"""The two ways to check a certificate: properly, and not at all."""

import ssl

import httpx


def verified_context(ca_file: str = "") -> ssl.SSLContext:
    """Return a context that trusts Mozilla's roots, those of the system, and those in `ca_file` (PEM) if given.

    It costs 15 to 130 ms to make: one is shared by all connections.
    """
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    if ca_file:
        context.load_verify_locations(cafile=ca_file)
    # Python 3.13 refuses chains that browsers take.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    context.set_alpn_protocols(["http/1.1"])
    return context


def unverified_context() -> ssl.SSLContext:
    """Return a context that takes any certificate and old ciphers: to learn whether anything is there, and no more."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.set_alpn_protocols(["http/1.1"])
    return context
