"""Every campaign by name."""

from ops.campaigns.agents import agents
from ops.campaigns.backup import backup
from ops.campaigns.campaign import Campaign
from ops.campaigns.clock import clock
from ops.campaigns.corruption import corruption
from ops.campaigns.failing_disk import failing_disk
from ops.campaigns.full_disk import full_disk
from ops.campaigns.kill import kill
from ops.campaigns.one_winner import one_winner
from ops.campaigns.power_cut import power_cut
from ops.campaigns.redelivery import redelivery
from ops.campaigns.renders.campaign import renders
from ops.campaigns.torn_wal import torn_wal

CAMPAIGNS: dict[str, Campaign] = {
    "kill": kill,
    "power_cut": power_cut,
    "full_disk": full_disk,
    "failing_disk": failing_disk,
    "corruption": corruption,
    "torn_wal": torn_wal,
    "clock": clock,
    "backup": backup,
    "redelivery": redelivery,
    "one_winner": one_winner,
    "agents": agents,
    "renders": renders,
}
