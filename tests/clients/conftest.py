import pytest

import site_under_test


@pytest.fixture(scope="session")
def contoso():
    """The source tenant."""
    return site_under_test.tenants()["contoso"]


@pytest.fixture(scope="session")
def northwind():
    """The target tenant."""
    return site_under_test.tenants()["northwind"]
