<p id="own">{$said|escape}</p>
