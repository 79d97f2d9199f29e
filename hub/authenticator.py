"""Passwords of the system, and a log-out after which no old cookie lets anyone in."""

from jupyterhub import orm
from jupyterhub.auth import PAMAuthenticator
from jupyterhub.handlers.login import LogoutHandler


class FinalLogout(LogoutHandler):
    """End every session of the user; by itself JupyterHub only asks the browser to forget it."""

    async def handle_logout(self):
        """Make the cookies of the hub and the tokens in those of the servers worthless."""
        if self.current_user:
            user = self.current_user.orm_user
            user.cookie_id = orm.new_token()
            # The server's own token belongs to no session, and stays.
            of_browsers = orm.APIToken.session_id.isnot(None)
            for token in self.db.query(orm.APIToken).filter(
                orm.APIToken.user_id == user.id, of_browsers
            ):
                self.db.delete(token)
            self.db.commit()


class ClassAuthenticator(PAMAuthenticator):
    """Log in by the passwords of the system, log out for good."""

    def get_handlers(self, app):
        """Put the log-out before that of JupyterHub."""
        return [*super().get_handlers(app), ("/logout", FinalLogout)]
