"""A real browser, and how to press a button in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait


@pytest.fixture
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    driver = shutil.which("chromedriver")
    if driver is None or shutil.which("chromium") is None:
        pytest.skip("needs chromium and chromedriver")
    options = webdriver.ChromeOptions()
    for flag in (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--window-size=1366,768",
        "--hide-scrollbars",
        f"--user-data-dir={tmp_path_factory.mktemp('chromium')}",
    ):
        options.add_argument(flag)
    options.binary_location = str(shutil.which("chromium"))
    chrome = webdriver.Chrome(options, webdriver.ChromeService(driver))
    chrome.implicitly_wait(3)  # a busy machine shows the next page a little later
    yield chrome
    chrome.quit()


def press(browser: webdriver.Chrome, css: str) -> None:
    """Click and wait for the page that follows.

    The old page is known by a mark in its window: asking for one of its elements while the page
    changes is answered by an unknown error at times, not by "stale".
    """
    browser.execute_script("window.before = true")
    browser.find_element(By.CSS_SELECTOR, css).click()
    WebDriverWait(browser, 20, ignored_exceptions=[WebDriverException]).until(
        lambda b: b.execute_script("return !window.before && document.readyState == 'complete'")
    )
