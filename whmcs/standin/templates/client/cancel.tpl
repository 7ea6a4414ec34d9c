<form method="post" action="{$WEB_ROOT}/clientarea.php?action=cancel&amp;id={$serviceid}" class="standin-narrow">
  <input type="hidden" name="token" value="{$token}"><input type="hidden" name="id" value="{$serviceid}">
  <div class="form-group"><label for="cancellationreason">Briefly describe your reason for cancellation</label><textarea class="form-control" id="cancellationreason" name="cancellationreason" rows="4" required></textarea></div>
  <button type="submit" class="btn btn-danger">Request Cancellation</button>
</form>
