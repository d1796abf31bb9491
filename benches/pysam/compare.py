"""A year of 8,760 hourly energies through NREL-PySAM's Utilityrate5 and through Denghuo: same inputs, amounts, times.

    python3 -m venv target/pysam && target/pysam/bin/pip install -r benches/pysam/requirements.txt
    target/pysam/bin/python benches/pysam/compare.py

Two tariffs: time of use with three periods and a demand charge, and three monthly tiers. Denghuo rounds every line to
0.01 yuan and PySAM keeps floats, so that a month may differ by half a fen per line (four lines: 0.02 yuan). Exit code 0
only when all 24 months agree.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import time

import PySAM.Utilityrate5 as utilityrate5

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROUNDS = 100
NO_LIMIT = 1e38
# Whole kWh, so that the rounding of energies plays no part; no random numbers, so that every run is the same.
HOURS = [10 + (n * 7919) % 900 for n in range(8760)]


def base():
    """A customer without generation for one year, without inflation."""
    model = utilityrate5.new()
    model.Lifetime.analysis_period = 1
    model.Lifetime.inflation_rate = 0
    model.Lifetime.system_use_lifetime_output = 0
    model.SystemOutput.gen = [0.0] * 8760
    model.SystemOutput.degradation = [0.0]
    model.Load.load = [float(h) for h in HOURS]
    rates = model.ElectricityRates
    rates.en_electricity_rates = 1
    rates.ur_metering_option = 2
    rates.rate_escalation = [0.0]
    rates.ur_dc_enable = 0
    return model


def time_of_use_and_demand():
    """Valley 0-8, peak 8-11 and 18-22, flat between; the month's highest hour at 38.4."""
    model = base()
    rates = model.ElectricityRates
    day = [1] * 8 + [2] * 3 + [3] * 7 + [2] * 4 + [3] * 2
    rates.ur_ec_sched_weekday = rates.ur_ec_sched_weekend = [day] * 12
    rates.ur_ec_tou_mat = [
        [1, 1, NO_LIMIT, 0, 0.2793, 0],
        [2, 1, NO_LIMIT, 0, 1.0633, 0],
        [3, 1, NO_LIMIT, 0, 0.6713, 0],
    ]
    rates.ur_dc_enable = 1
    rates.ur_dc_sched_weekday = rates.ur_dc_sched_weekend = [[1] * 24] * 12
    rates.ur_dc_tou_mat = [[1, 1, NO_LIMIT, 0]]
    rates.ur_dc_flat_mat = [[month, 1, NO_LIMIT, 38.4] for month in range(12)]
    return model


def tiers():
    """Three tiers of the month."""
    model = base()
    rates = model.ElectricityRates
    rates.ur_ec_sched_weekday = rates.ur_ec_sched_weekend = [[1] * 24] * 12
    rates.ur_ec_tou_mat = [
        [1, 1, 210000, 0, 0.5469, 0],
        [1, 2, 400000, 0, 0.5969, 0],
        [1, 3, NO_LIMIT, 0, 0.8469, 0],
    ]
    return model


def denghuo():
    """Amounts and time of ours, by tariff."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(str(h) for h in HOURS))
        file.flush()
        command = ["cargo", "run", "--quiet", "--release", "--package", "denghuo-rules", "--example", "year_of_hours"]
        done = subprocess.run(command + ["--", file.name], cwd=ROOT, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def main():
    ours = denghuo()
    print("| a year of 8,760 hours | NREL-PySAM Utilityrate5 | Denghuo | ratio | largest difference of a month |")
    print("| --- | ---: | ---: | ---: | ---: |")
    agreed = True
    for name, make in {"time_of_use_and_demand": time_of_use_and_demand, "tiers": tiers}.items():
        model = make()
        model.execute(0)
        theirs = list(model.Outputs.year1_monthly_utility_bill_wo_sys)
        begun = time.perf_counter()
        for _ in range(ROUNDS):
            model.execute(0)
        micros = (time.perf_counter() - begun) / ROUNDS * 1e6
        mine = ours[name]["nanoseconds"] / 1e3
        months = [float(amount) for amount in ours[name]["months"]]
        worst = max(abs(a - b) for a, b in zip(theirs, months, strict=True))
        agreed = agreed and worst <= 0.0201
        print(f"| {name} | {micros:,.0f} µs | {mine:,.1f} µs | {micros / mine:,.0f} | {worst:.4f} yuan |")
    if not agreed:
        sys.exit("the amounts differ")


if __name__ == "__main__":
    main()
