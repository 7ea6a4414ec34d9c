{extends file="layout.tpl"}
{block name=body}
{if $error}<div class="alert alert-danger" role="alert">{$error}</div>{/if}
<form method="post" action="/admin/login.php" class="standin-narrow">
  <input type="hidden" name="token" value="{$token}">
  <div class="form-group"><label for="username">Username</label><input class="form-control" id="username" name="username" autocomplete="username" required autofocus></div>
  <div class="form-group"><label for="password">Password</label><input class="form-control" id="password" name="password" type="password" autocomplete="current-password" required></div>
  <button class="btn btn-primary" type="submit">Login</button>
</form>
{/block}
