"""The WSGI application that gunicorn serves. DJANGO_SETTINGS_MODULE has no default here: a server that forgot to name
its settings must not start with those of a developer's machine."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
