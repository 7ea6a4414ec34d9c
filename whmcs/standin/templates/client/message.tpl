<div class="alert alert-warning" role="alert">{$text|escape}</div>
<p><a href="{$WEB_ROOT}/clientarea.php">Client area</a></p>
