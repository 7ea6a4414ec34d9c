{include file="client/details-alerts.tpl"}
<div class="tab-content margin-bottom">
  <div class="tab-pane fade show active" role="tabpanel" id="tabOverview">
    {if $tplOverviewTabOutput}
      {$tplOverviewTabOutput}
    {else}
      <div class="card">
        <div class="card-body">
          <div class="product-details">
            <div class="row">
              <div class="col-md-6">
                <div class="product-status product-status-{$rawstatus|lower} mb-3">
                  <div class="product-icon text-center"><h3>{$product}</h3><h4>{$groupname}</h4></div>
                  <div class="product-status-text">{$status}</div>
                </div>
              </div>
              <div class="col-md-6 text-center">{include file="client/details-billing.tpl"}</div>
            </div>
          </div>
        </div>
      </div>
      {foreach $hookOutput as $output}<div>{$output}</div>{/foreach}
      {if $domain || $moduleclientarea || $configurableoptions || $customfields || $lastupdate}
      <div class="card mt-3">
        <ul class="nav nav-tabs responsive-tabs-sm">
          {if $domain}<li class="nav-item"><a href="#domain" data-toggle="tab" class="nav-link active">Domain</a></li>{elseif $moduleclientarea}<li class="nav-item"><a href="#manage" data-toggle="tab" class="nav-link active">Manage</a></li>{/if}
          {if $configurableoptions}<li class="nav-item"><a href="#configoptions" data-toggle="tab" class="nav-link">Configurable Options</a></li>{/if}
          {if $customfields}<li class="nav-item"><a href="#additionalinfo" data-toggle="tab" class="nav-link">Additional Information</a></li>{/if}
          {if $lastupdate}<li class="nav-item"><a href="#resourceusage" data-toggle="tab" class="nav-link">Resource Usage</a></li>{/if}
        </ul>
        <div class="card-body tab-content product-details-tab-container">
          {include file="client/details-panes.tpl" shown="show active"}
        </div>
      </div>
      {/if}
    {/if}
  </div>
  <div class="tab-pane fade" role="tabpanel" id="tabDownloads"><h3>Downloads</h3></div>
  <div class="tab-pane fade" role="tabpanel" id="tabAddons"><h3>Addons</h3></div>
  <div class="tab-pane fade" role="tabpanel" id="tabChangepw">
    <div class="card"><div class="card-body"><h3 class="card-title">Change Password</h3>
    {include file="client/details-password.tpl"}
    </div></div>
  </div>
</div>
