"""The same shapes as bench/src/flow.rs with LangGraph: a sequence of ten nodes, a fan-out of a hundred with a join, without
and with its savers, and a thousand runs at the same time. Prints one line of JSON."""

import asyncio
import json
import operator
import resource
import sys
import time
from typing import Annotated, TypedDict

from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.postgres import PostgresSaver
from langgraph.graph import END, START, StateGraph
from psycopg import Connection
from psycopg.rows import dict_row


class State(TypedDict):
    rows: Annotated[list, operator.add]


def work(_):
    return {"rows": [{"code": "a"}]}


def sequence(saver=None):
    graph = StateGraph(State)
    names = [f"n{i}" for i in range(10)]
    for name in names:
        graph.add_node(name, work)
    graph.add_edge(START, names[0])
    for a, b in zip(names, names[1:]):
        graph.add_edge(a, b)
    graph.add_edge(names[-1], END)
    return graph.compile(checkpointer=saver)


def fan_out(saver=None):
    graph = StateGraph(State)
    graph.add_node("join", work)
    for i in range(100):
        graph.add_node(f"n{i}", work)
        graph.add_edge(START, f"n{i}")
        graph.add_edge(f"n{i}", "join")
    graph.add_edge("join", END)
    return graph.compile(checkpointer=saver)


def best(graph, nodes, rounds, saved):
    fastest = None
    for n in range(rounds):
        config = {"configurable": {"thread_id": f"{id(graph)}-{n}"}} if saved else {}
        begun = time.perf_counter()
        graph.invoke({"rows": []}, config)
        took = time.perf_counter() - begun
        fastest = took if fastest is None else min(fastest, took)
    return fastest * 1e6 / nodes


async def many(count):
    graph = sequence()
    cpu = time.process_time()
    begun = time.perf_counter()
    await asyncio.gather(*(graph.ainvoke({"rows": []}) for _ in range(count)))
    wall, cpu = time.perf_counter() - begun, time.process_time() - cpu
    return {"wall_s": wall, "nodes_per_cpu_s": count * 10 / cpu}


def main():
    url = sys.argv[1]
    out = {
        "sequence": best(sequence(), 10, 100, False),
        "sequence_memory": best(sequence(InMemorySaver()), 10, 50, True),
        "fan_out": best(fan_out(), 101, 20, False),
        "fan_out_memory": best(fan_out(InMemorySaver()), 101, 10, True),
    }
    with Connection.connect(url, autocommit=True, prepare_threshold=0, row_factory=dict_row) as conn:
        saver = PostgresSaver(conn)
        saver.setup()
        out["sequence_postgres"] = best(sequence(saver), 10, 30, True)
        out["fan_out_postgres"] = best(fan_out(saver), 101, 5, True)
    out["many"] = asyncio.run(many(1000))
    out["rss_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(out))


main()
