// The statement with each partner: what was paid and earned. Nothing is owed at its end.

import { plain } from "../app/text";
import { Card, Notice } from "../design/parts";
import { say } from "../words";
import { euros, points, useFigures } from "./parts";
import type { Own } from "./session";

type Partner = {
  partner: string;
  symbol: string;
  outPoints: string;
  paid: string;
  inPoints: string;
  earned: string;
  net: string;
};

export function Partners({ own }: { own: Own }) {
  const { read, fault } = useFigures<{ partners: Partner[] }>(own, "partners");
  if (fault) return <Notice look="bad">{fault}</Notice>;
  if (!read) return <p class="soft">{say("app.loading")}</p>;
  return (
    <Card>
      <p class="soft small">{say("console.partnersText")}</p>
      {read.partners.length === 0 && <p class="soft">{say("console.noFlows")}</p>}
      {read.partners.length > 0 && (
        <div class="scrolling" tabIndex={0} role="region" aria-label={say("console.partners")}>
          <table class="table">
            <thead>
              <tr>
                <th scope="col">{say("console.partner")}</th>
                <th scope="col">{say("console.convertedOut")}</th>
                <th scope="col">{say("console.convertedIn")}</th>
                <th scope="col">{say("console.net")}</th>
              </tr>
            </thead>
            <tbody>
              {read.partners.map((one) => (
                <tr key={one.partner}>
                  <th scope="row">
                    <bdi>{plain(one.symbol, 16)}</bdi>
                  </th>
                  <td>
                    {points(own, one.outPoints)}
                    <br />
                    <span class="soft small">−{euros(one.paid)}</span>
                  </td>
                  <td>
                    {points(own, one.inPoints)}
                    <br />
                    <span class="soft small">+{euros(one.earned)}</span>
                  </td>
                  <td>
                    <strong>{euros(one.net)}</strong>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}
