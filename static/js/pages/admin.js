// Of the theme's libraries one writes a style into each page, which the content security policy refuses; nothing needs it.
htmx.config.includeIndicatorStyles = false;
