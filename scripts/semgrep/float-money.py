def bad(cost, order, lots):
    # ruleid: float-money
    paid = float(cost)
    # ruleid: float-money
    each = round(cost / 3)
    # ruleid: float-money
    size = int(order.quantity / 2)
    # ruleid: float-money
    price: float = 0.5
    return paid, each, size, price


class Bad(models.Model):
    # ruleid: float-money
    balance = models.FloatField()


class Good(models.Model):
    # ok: float-money
    balance = models.BigIntegerField()


def good(cost, window_s, lots):
    # ok: float-money
    half = cost // 2
    # ok: float-money
    window = float(window_s)
    # ok: float-money
    each = divmod(lots, 3)
    return half, window, each
