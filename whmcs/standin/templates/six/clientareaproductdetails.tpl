{include file="client/details-alerts.tpl"}
<div class="tab-content margin-bottom">
  <div class="tab-pane fade in active" id="tabOverview">
    {if $tplOverviewTabOutput}
      {$tplOverviewTabOutput}
    {else}
      <div class="product-details clearfix">
        <div class="row">
          <div class="col-md-6">
            <div class="product-status product-status-{$rawstatus|lower}">
              <div class="product-icon text-center"><h3>{$product}</h3><h4>{$groupname}</h4></div>
              <div class="product-status-text">{$status}</div>
            </div>
          </div>
          <div class="col-md-6 text-center">{include file="client/details-billing.tpl"}</div>
        </div>
      </div>
      {foreach $hookOutput as $output}<div>{$output}</div>{/foreach}
      {if $domain || $moduleclientarea || $configurableoptions || $customfields || $lastupdate}
      <div class="row clearfix">
        <div class="col-xs-12">
          <ul class="nav nav-tabs nav-tabs-overflow">
            {if $domain}<li class="active"><a href="#domain" data-toggle="tab">Domain</a></li>{elseif $moduleclientarea}<li class="active"><a href="#manage" data-toggle="tab">Manage</a></li>{/if}
            {if $configurableoptions}<li><a href="#configoptions" data-toggle="tab">Configurable Options</a></li>{/if}
            {if $customfields}<li><a href="#additionalinfo" data-toggle="tab">Additional Information</a></li>{/if}
            {if $lastupdate}<li><a href="#resourceusage" data-toggle="tab">Resource Usage</a></li>{/if}
          </ul>
        </div>
      </div>
      <div class="tab-content product-details-tab-container">
        {include file="client/details-panes.tpl" shown="in active"}
      </div>
      {/if}
    {/if}
  </div>
  <div class="tab-pane fade in" id="tabDownloads"><h3>Downloads</h3></div>
  <div class="tab-pane fade in" id="tabAddons"><h3>Addons</h3></div>
  <div class="tab-pane fade in" id="tabChangepw">
    <h3>Change Password</h3>
    {include file="client/details-password.tpl"}
  </div>
</div>
