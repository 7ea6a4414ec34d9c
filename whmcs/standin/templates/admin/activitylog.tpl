{extends file="layout.tpl"}
{block name=body}
<div class="table-responsive"><table class="table table-striped" id="activitylog">
  <thead><tr><th>Date</th><th>Description</th><th>Client</th></tr></thead>
  <tbody>{foreach $entries as $entry}<tr><td>{$entry->date}</td><td>{$entry->description}</td><td>{if $entry->userid}{$entry->userid}{/if}</td></tr>{/foreach}</tbody>
</table></div>
<h2 class="h5">E-mails that WHMCS would have sent</h2>
<div class="table-responsive"><table class="table table-striped" id="emails">
  <thead><tr><th>Date</th><th>Subject</th><th>Client</th><th>Text</th></tr></thead>
  <tbody>{foreach $emails as $email}<tr><td>{$email->date}</td><td>{$email->subject}</td><td>{if $email->userid}{$email->userid}{else}staff{/if}</td><td>{$email->message}</td></tr>{/foreach}</tbody>
</table></div>
{/block}
