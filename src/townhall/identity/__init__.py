"""Identity: who is here, how surely we know, and which roles they hold.

An *account* signs in (password or passkey, by django-allauth); it belongs to
one *person*, whose id every other room uses. A *role grant* makes an account an
officer's working account: it acts for an agency and never for its own person.

Promises:

- every request carries `request.acting`, worked out at first use and from the
  database: a revoked role or an ended session has no effect a moment longer;
- the level of a sign-in is the lesser of how the person was proofed and how
  they signed in (eIDAS: low, substantial, high);
- one-click sign-in exists in demo mode only: elsewhere the operation raises and
  the page is not there;
- signing in makes a new session key, goes only to addresses of this house, and
  tells other rooms (`operations.signed_in`), which may keep an anonymous draft;
- roles are written by the system scope only: a policy in the database says so.

The tables of third parties (`account_*`, `mfa_*`, `usersessions_*`,
`django_session`) and `identity_account` are not under row-level security: they
are read to find out who somebody is, before there is a scope.

Start reading at `operations`.
"""
