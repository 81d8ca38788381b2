"""Signing in, and changing the own password."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.password_validation import password_validators_help_texts
from django.contrib.auth.views import LoginView, PasswordChangeView, RedirectURLMixin
from django.http import HttpResponse
from django.shortcuts import render, resolve_url

from portal.accounts.forms import OwnPasswordForm
from portal.accounts.lockout import is_locked_out, lock_minutes, tries_left, words_of_a_lock


class SignInView(LoginView):
    """The sign-in page. It says when a session ended by itself, how many tries are left, and how long a lock lasts."""

    redirect_authenticated_user = True

    def get_redirect_url(self) -> str:  # type: ignore[override]
        """Where to go afterwards: a page of this portal, and never back to signing in or out."""
        address = str(super().get_redirect_url())
        path = address.partition("?")[0]
        return "" if path in (resolve_url("login"), resolve_url("logout")) else address

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, and what the page has to say besides. One query, only where axes refused."""
        context = super().get_context_data(**kwargs)
        context["ended_idle"] = self.request.GET.get("ended") == "idle"
        context["idle_minutes"] = settings.SESSION_IDLE_MINUTES
        context["tries_left"] = tries_left(self.request)
        context["lock_minutes"] = lock_minutes()
        if is_locked_out(self.request):
            context |= words_of_a_lock(self.request, context["form"].cleaned_data.get("username", ""))
        return context


class PasswordView(RedirectURLMixin, PasswordChangeView):
    """A person changes the own password. Other sessions of the person end; this one goes on.

    Whoever guesses the old password at a machine left open is stopped as at sign-in, and the session ends.
    """

    form_class = OwnPasswordForm
    template_name = "registration/password.html"
    next_page = "overview"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The form compares the old password as sign-in does, which needs the request."""
        return {**super().get_form_kwargs(), "request": self.request}

    def form_invalid(self, form: PasswordChangeForm) -> HttpResponse:
        """The form again; after one wrong old password too many the person is signed out and told why."""
        if not is_locked_out(self.request):
            return super().form_invalid(form)
        account = form.user.get_username()
        logout(self.request)
        return render(self.request, "registration/locked.html", words_of_a_lock(self.request, account))

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        """Say that it is done."""
        messages.success(self.request, "密码已修改。在其他电脑或浏览器上的登录已经退出，下次登录请用新密码。")
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, the rules in plain words, the tries left and the page to come back to."""
        return super().get_context_data(
            rules=password_validators_help_texts(),
            tries_left=tries_left(self.request),
            lock_minutes=lock_minutes(),
            next=self.get_redirect_url(),
            **kwargs,
        )
