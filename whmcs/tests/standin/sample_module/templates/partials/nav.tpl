<nav>{$active|escape}</nav>
