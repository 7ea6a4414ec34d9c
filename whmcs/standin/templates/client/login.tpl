{if $error}<div class="alert alert-danger" role="alert">{$error|escape}</div>{/if}
<form method="post" action="{$WEB_ROOT}/dologin.php" class="login-form standin-narrow">
  <input type="hidden" name="token" value="{$token}">
  <div class="form-group"><label for="inputEmail">Email Address</label><input type="email" name="username" class="form-control" id="inputEmail" autocomplete="username" required autofocus></div>
  <div class="form-group"><label for="inputPassword">Password</label><input type="password" name="password" class="form-control" id="inputPassword" autocomplete="current-password" required></div>
  <button id="login" type="submit" class="btn btn-primary">Login</button>
</form>
