/* The little that the themes' scripts do and modules notice. Every page works without it. */
(function () {
    'use strict';

    // Themes since 2025 turn a link with modop=custom into a form that carries the token.
    function postLink(link) {
        var form = document.createElement('form');
        form.method = 'post';
        form.action = link.href;
        var token = document.createElement('input');
        token.type = 'hidden';
        token.name = 'token';
        token.value = window.csrfToken;
        form.appendChild(token);
        document.body.appendChild(form);
        form.submit();
    }

    function showTab(id) {
        var pane = document.getElementById(id);
        if (!pane || !pane.classList.contains('tab-pane')) {
            return;
        }
        Array.prototype.forEach.call(pane.parentNode.children, function (other) {
            var on = other === pane;
            ['active', 'show', 'in'].forEach(function (name) { other.classList.toggle(name, on); });
        });
    }

    document.addEventListener('click', function (event) {
        var link = event.target.closest ? event.target.closest('a[href]') : null;
        if (!link || link.origin !== window.location.origin) {
            return;
        }
        if (/\/clientarea\.php$/.test(link.pathname) && /[?&]modop=custom(&|$)/.test(link.search)) {
            event.preventDefault();
            postLink(link);
        } else if (/^#tab/.test(link.hash) && link.pathname === window.location.pathname) {
            event.preventDefault();
            showTab(link.hash.slice(1));
        }
    });
    if (/^#tab/.test(window.location.hash)) {
        showTab(window.location.hash.slice(1));
    }

    // Test Connection answers in place, by AJAX: whatever a module prints breaks the JSON.
    var test = document.getElementById('testconnection');
    if (test) {
        test.addEventListener('click', function (event) {
            event.preventDefault();
            var result = document.getElementById('testresult');
            var body = new FormData(test.form);
            body.append('action', 'test');
            body.append('ajax', '1');
            // By its attribute: a button of the form is named "action", too.
            result.textContent = 'Attempting to connect to server...';
            fetch(test.form.getAttribute('action'), {method: 'POST', body: body, credentials: 'same-origin'})
                .then(function (answer) { return answer.json(); })
                .then(function (said) {
                    var box = document.createElement('div');
                    box.className = 'alert alert-' + (said.success ? 'success' : 'danger');
                    if (said.success) {
                        box.textContent = 'Connection successful!';
                    } else {
                        box.innerHTML = 'Connection failed: ' + said.error;
                    }
                    result.replaceChildren(box);
                });
        });
    }

    // The order form posts by AJAX; an empty answer means that the item is stored.
    var product = document.getElementById('frmConfigureProduct');
    if (product) {
        product.addEventListener('submit', function (event) {
            event.preventDefault();
            var box = document.getElementById('containerProductValidationErrors');
            box.classList.add('hidden', 'd-none');
            var body = new FormData(product);
            body.append('ajax', '1');
            fetch('cart.php', {method: 'POST', body: body, credentials: 'same-origin'})
                .then(function (answer) { return answer.text(); })
                .then(function (errors) {
                    if (errors === '') {
                        window.location = 'cart.php?a=view';
                        return;
                    }
                    document.getElementById('containerProductValidationErrorsList').innerHTML = errors;
                    box.classList.remove('hidden', 'd-none');
                    box.scrollIntoView();
                });
        });
    }
}());
