"""What a container finds around it: init containers before it, variables, volumes, probes."""

import pytest
from kubernel.client import Client
from kubernel.objects.models import core, meta
from tests.agent_machine import Machine, make_pod, with_container, with_spec


@pytest.mark.usefixtures("volumes")
async def test_init_containers_run_in_order_before_the_main_one(machine: Machine) -> None:
    volume = core.Volume(name="v", emptyDir=core.EmptyDirVolumeSource())
    mounts = [core.VolumeMount(name="v", mountPath="/mnt")]
    inits = [
        core.Container(name=name, image="host", command=["/bin/sh", "-c", f"echo {name} >> /mnt/log"])
        for name in ("first", "second")
    ]
    for init in inits:
        init.volumeMounts = mounts
    pod = with_spec(make_pod("web", "cat /mnt/log; exec sleep 600"), initContainers=inits, volumes=[volume])

    running = await machine.run(with_container(pod, volumeMounts=mounts))
    await machine.says("web", "second")

    assert await machine.log("web") == "first\nsecond\n"
    assert running.status is not None
    states = [each.state for each in running.status.initContainerStatuses or []]
    assert all(state and state.terminated and state.terminated.exitCode == 0 for state in states)


async def test_pod_fails_when_an_init_container_fails_for_good(machine: Machine) -> None:
    init = core.Container(name="first", image="host", command=["/bin/sh", "-c", "exit 2"])

    pod = await machine.run(with_spec(make_pod("web"), initContainers=[init], restartPolicy="Never"), "Failed")

    assert pod.status is not None
    (main,) = pod.status.containerStatuses or []
    assert main.state is not None
    assert main.state.waiting is not None
    assert main.state.waiting.reason == "PodInitializing"


async def test_variables_come_from_everywhere(machine: Machine, agent_client: Client) -> None:
    about = meta.ObjectMeta(name="config", namespace=machine.name)
    await agent_client.create(core.ConfigMap(metadata=about, data={"COLOUR": "green", "1ST": "left out"}))
    await agent_client.create(core.Secret(metadata=about, stringData={"password": "s3cret"}))
    env = [
        core.EnvVar(
            name="PASSWORD",
            valueFrom=core.EnvVarSource(secretKeyRef=core.SecretKeySelector(name="config", key="password")),
        ),
        core.EnvVar(
            name="ME", valueFrom=core.EnvVarSource(fieldRef=core.ObjectFieldSelector(fieldPath="metadata.name"))
        ),
        core.EnvVar(name="GREETING", value="$(ME) is $(COLOUR), $(NOBODY) and $$(ME)"),
    ]
    source = [core.EnvFromSource(configMapRef=core.ConfigMapEnvSource(name="config"))]
    pod = with_container(make_pod("web", 'echo "$PASSWORD|$GREETING"; exec sleep 600'), env=env, envFrom=source)

    await machine.run(pod)
    await machine.says("web", "|")

    assert await machine.log("web") == "s3cret|web is green, $(NOBODY) and $(ME)\n"


async def test_container_waits_for_a_config_map_that_is_missing(machine: Machine, agent_client: Client) -> None:
    source = [core.EnvFromSource(configMapRef=core.ConfigMapEnvSource(name="late"))]
    await machine.create(with_container(make_pod("web"), envFrom=source))
    waiting = await machine.state("web", lambda container: bool(container.state and container.state.waiting))
    assert waiting.state is not None
    assert waiting.state.waiting is not None

    await agent_client.create(core.ConfigMap(metadata=meta.ObjectMeta(name="late", namespace=machine.name)))

    await machine.phase("web", "Running")


@pytest.mark.usefixtures("volumes")
async def test_config_map_and_secret_are_files(machine: Machine, agent_client: Client) -> None:
    about = meta.ObjectMeta(name="files", namespace=machine.name)
    await agent_client.create(core.ConfigMap(metadata=about, data={"a.txt": "alpha", "b.txt": "beta"}))
    items = [core.KeyToPath(key="a.txt", path="deep/a.txt")]
    volume = core.Volume(name="v", configMap=core.ConfigMapVolumeSource(name="files", items=items))
    pod = with_spec(make_pod("web", "cat /mnt/deep/a.txt; ls /mnt; touch /mnt/x || echo; sleep 600"), volumes=[volume])

    await machine.run(with_container(pod, volumeMounts=[core.VolumeMount(name="v", mountPath="/mnt")]))
    await machine.says("web", "Read-only")

    assert (await machine.log("web")).startswith("alphadeep\n")


@pytest.mark.usefixtures("volumes")
async def test_host_path_is_the_machines_own(machine: Machine) -> None:
    (machine.directory / "shared").mkdir()
    (machine.directory / "shared" / "note").write_text("from outside\n")
    source = core.HostPathVolumeSource(path=str(machine.directory / "shared"), type="Directory")
    pod = with_spec(make_pod("web", "cat /mnt/note; exec sleep 600"), volumes=[core.Volume(name="v", hostPath=source)])

    await machine.run(with_container(pod, volumeMounts=[core.VolumeMount(name="v", mountPath="/mnt")]))

    await machine.says("web", "from outside")


SERVER = """
import http.server, os, pathlib
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(500 if pathlib.Path('/tmp/sick').exists() else 200)
        self.end_headers()
http.server.HTTPServer((os.environ['POD_IP'], 8080), Handler).serve_forever()
"""


@pytest.fixture
def server_pod() -> core.Pod:
    """Return a pod that serves HTTP on port 8080 of its address."""
    pod = with_container(make_pod("web"), command=["/usr/bin/env", "python3", "-c", SERVER])
    return with_container(pod, ports=[core.ContainerPort(containerPort=8080, name="http")])


async def test_pod_is_ready_when_its_readiness_probe_succeeds(machine: Machine, server_pod: core.Pod) -> None:
    probe = core.Probe(httpGet=core.HTTPGetAction(port="http", path="/"), periodSeconds=1)

    await machine.create(with_container(server_pod, readinessProbe=probe))

    unready = await machine.state("web", lambda container: bool(container.state and container.state.running))
    assert unready.started
    await machine.state("web", lambda container: container.ready)


async def test_container_that_fails_its_liveness_probe_is_restarted(machine: Machine, server_pod: core.Pod) -> None:
    wrong_port = core.Probe(tcpSocket=core.TCPSocketAction(port=1), periodSeconds=1, failureThreshold=1)

    await machine.create(with_container(server_pod, livenessProbe=wrong_port))

    await machine.state("web", lambda container: container.restartCount >= 1)
    await machine.settle_events()
    events = await machine.events("web")
    assert ("Killing", "Container main failed liveness probe, will be restarted") in events
    assert any(reason == "Unhealthy" and "connection refused" in message for reason, message in events)


async def test_startup_probe_holds_the_others_back(machine: Machine, server_pod: core.Pod) -> None:
    startup = core.Probe(httpGet=core.HTTPGetAction(port=8080), periodSeconds=1, failureThreshold=30)
    pod = with_container(server_pod, startupProbe=startup)

    await machine.create(pod)

    started = await machine.state("web", lambda container: bool(container.started))
    assert started.ready
    assert started.restartCount == 0
