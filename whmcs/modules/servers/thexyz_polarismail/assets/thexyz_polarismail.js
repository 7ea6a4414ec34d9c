/* Makes the pages nicer; they work without it. */
(function () {
    'use strict';

    function each(selector, work) {
        Array.prototype.forEach.call(document.querySelectorAll(selector), work);
    }

    each('form[data-autosubmit]', function (form) { form.submit(); });

    each('.thexyz-pm .pm-copy', function (button) {
        var field = document.getElementById(button.getAttribute('data-copy'));
        button.hidden = false;
        button.addEventListener('click', function () {
            field.select();
            document.execCommand('copy');
            button.textContent = button.getAttribute('data-done');
        });
    });

    each('.thexyz-pm .pm-show', function (line) { line.hidden = false; });

    each('.thexyz-pm [data-show-passwords]', function (box) {
        box.addEventListener('change', function () {
            each('#pm-newpw, #pm-confirmpw', function (field) { field.type = box.checked ? 'text' : 'password'; });
        });
    });

    /* A hint while typing; the service decides. */
    var RULES = {
        length: /^.{10,}$/,
        spaces: /^\S+$/,
        upper: /[A-Z]/,
        lower: /[a-z]/,
        digit: /[0-9]/,
        symbol: /[^A-Za-z0-9\s]/
    };
    each('#pm-newpw', function (field) {
        field.addEventListener('input', function () {
            each('.thexyz-pm [data-rule]', function (item) {
                item.classList.toggle('pm-met', RULES[item.getAttribute('data-rule')].test(field.value));
            });
        });
    });
}());
