"""The REST API: who is let in, how it answers, and what its schema says of it."""

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "portal.api.authentication.TokenAuthentication",
        "portal.api.session.ReadingSession",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["portal.api.authentication.Identified"],
    "DEFAULT_THROTTLE_CLASSES": ["portal.api.throttling.ClientThrottle"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "regions.api.negotiation.FormatNegotiation",
    "DEFAULT_SCHEMA_CLASS": "portal.api.schema.PortalSchema",
    "EXCEPTION_HANDLER": "regions.api.errors.answer",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
