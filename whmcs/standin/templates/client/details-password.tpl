<form class="using-password-strength" method="post" action="{$WEB_ROOT}/clientarea.php?action=productdetails#tabChangepw" role="form">
  <input type="hidden" name="token" value="{$token}">
  <input type="hidden" name="id" value="{$id}">
  <input type="hidden" name="modulechangepassword" value="true">
  <div class="form-group"><label for="inputNewPassword1" class="control-label">New Password</label><input type="password" class="form-control" id="inputNewPassword1" name="newpw" autocomplete="off"></div>
  <div class="form-group"><label for="inputNewPassword2" class="control-label">Confirm New Password</label><input type="password" class="form-control" id="inputNewPassword2" name="confirmpw" autocomplete="off"></div>
  <div class="form-group"><button class="btn btn-primary" type="submit">Save Changes</button></div>
</form>
